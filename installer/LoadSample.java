// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the sample log into the topic 'shop' of a broker, run by installer/test-broker: java LoadSample.java ADDRESS FILE.
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

public class LoadSample {
    private static final String TOPIC = "shop";

    private static String member(String line, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(line);
        return found.find() ? found.group(1) : null;
    }

    public static void main(String[] arguments) throws Exception {
        Properties broker = new Properties();
        broker.put("bootstrap.servers", arguments[0]);
        try (Admin admin = Admin.create(broker)) {
            // Events of six weeks long ago: nothing of them may expire.
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1).configs(Map.of("retention.ms", "-1")))).all().get();
            produce(broker, arguments[1]);
            TopicPartition[] at = {new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1), new TopicPartition(TOPIC, 2)};
            admin.alterConsumerGroupOffsets("shop-payments", Map.of(at[0], new OffsetAndMetadata(500), at[1],
                new OffsetAndMetadata(500), at[2], new OffsetAndMetadata(500))).all().get();
            admin.alterConsumerGroupOffsets("shop-stock", Map.of(at[0], new OffsetAndMetadata(0))).all().get();
        }
    }

    private static void produce(Properties broker, String file) throws Exception {
        Properties settings = new Properties();
        settings.putAll(broker);
        settings.put("compression.type", "zstd");
        settings.put("linger.ms", "20");
        long time = 0;
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String at = member(line, "at");
                try {
                    time = at == null ? time : Instant.parse(at).toEpochMilli();
                } catch (java.time.format.DateTimeParseException e) {
                    // A fault of the sample: its time is that of the line before.
                }
                producer.send(new ProducerRecord<>(TOPIC, null, time, member(line, "aggregateId"), line));
            }
        }
    }
}
