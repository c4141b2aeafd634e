// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the segments beside it, of magic 0, 1 and 2, with the record builder of kafka-clients (3.9 was the last that builds the old ones):
//   java -cp 'LIBS/*' MakeSegments.java FOLDER
// Record i has the key "key-(i mod 5)" (none where i mod 7 is 6), the value "value i" (none where i mod 9 is 8, of magic 2 only), the time
// 1600000000000 + 1000 i, and with magic 2 a header "n" of i.
import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.TimestampType;

public class MakeSegments {
    static final long TIME = 1600000000000L;

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void append(MemoryRecordsBuilder builder, int magic, int i) {
        byte[] key = i % 7 == 6 ? null : bytes("key-" + i % 5);
        byte[] value = magic == 2 && i % 9 == 8 ? null : bytes("value " + i);
        long time = magic == 0 ? -1 : TIME + 1000L * i;
        if (magic == 2)
            builder.append(time, key, value, new Header[] {new RecordHeader("n", bytes("" + i))});
        else
            builder.append(time, key, value);
    }

    static void make(Path folder, int magic) throws Exception {
        Path at = folder.resolve("magic" + magic + "-0");
        Files.createDirectories(at);
        try (FileOutputStream out = new FileOutputStream(at.resolve("00000000000000000000.log").toFile())) {
            int next = 0;
            for (CompressionType codec : CompressionType.values()) {
                if (codec == CompressionType.ZSTD && magic < 2) continue;
                for (int count : new int[] {3, 1, 5}) {
                    MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(4096), (byte) magic,
                        Compression.of(codec).build(),
                        magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME, next);
                    for (int i = 0; i < count; ++i) append(builder, magic, next++);
                    ByteBuffer buffer = builder.build().buffer().duplicate();
                    byte[] all = new byte[buffer.remaining()];
                    buffer.get(all);
                    out.write(all);
                }
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (int magic = 0; magic <= 2; ++magic) make(Path.of(arguments[0]), magic);
    }
}
