<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Errors</name>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: there is no such file. Was it moved or renamed?</source>
        <translation>%1：没有这个文件。是否已移动或改名？</translation>
    </message>
    <message>
        <source>%1: permission denied. Look at the rights of the file and its folder.</source>
        <translation>%1：没有权限。请检查文件及其文件夹的权限。</translation>
    </message>
    <message>
        <source>%1 is a folder, not a file.</source>
        <translation>%1 是文件夹，不是文件。</translation>
    </message>
    <message>
        <source>%1 is larger than the %2 MB that are read of such a file.</source>
        <translation>%1 超过了此类文件可读取的 %2 MB。</translation>
    </message>
    <message>
        <source>%1: no space left on the disk. Make room and try again.</source>
        <translation>%1：磁盘空间不足。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>%1 is in use by another process. Try again when that has finished.</source>
        <translation>%1 正被另一个进程使用。请等它结束后重试。</translation>
    </message>
    <message>
        <source>%1</source>
        <translation>%1</translation>
    </message>
    <message>
        <source>'%1' is not a time: %2</source>
        <translation>“%1”不是时间：%2</translation>
    </message>
    <message>
        <source>'%1' is not a partition: expected topic[number], as orders[0]</source>
        <translation>“%1”不是分区：应为 topic[编号]，例如 orders[0]</translation>
    </message>
    <message>
        <source>'%1' is not a position: expected topic[number]@offset, as orders[0]@1042</source>
        <translation>“%1”不是位置：应为 topic[编号]@偏移量，例如 orders[0]@1042</translation>
    </message>
    <message>
        <source>'%1' is not a cut: expected topic[number]:next,..., as orders[0]:1043,orders[1]:998</source>
        <translation>“%1”不是切面：应为 topic[编号]:下一偏移量,…，例如 orders[0]:1043,orders[1]:998</translation>
    </message>
    <message>
        <source>'%1' is not a moment: expected a time (2011-01-31T12:00:00Z), #index, topic[partition]@offset, a cut (topic[partition]:next,...), @start or @end</source>
        <translation>“%1”不是时刻：应为时间 (2011-01-31T12:00:00Z)、#序号、topic[分区]@偏移量、切面 (topic[分区]:下一偏移量,…)、@start 或 @end</translation>
    </message>
    <message>
        <source>'%1' is not a JSON pointer: %2</source>
        <translation>“%1”不是 JSON 指针：%2</translation>
    </message>
    <message>
        <source>'%1' names no field: expected a JSON pointer (/invoice), key, timestamp, header:NAME, debezium or debezium:COLUMN,...</source>
        <translation>“%1”不表示任何字段：应为 JSON 指针 (/invoice)、key、timestamp、header:名称、debezium 或 debezium:列名,…</translation>
    </message>
    <message>
        <source>'%1' is no condition: at column %2 should stand %3</source>
        <translation>“%1”不是条件：第 %2 列应为 %3</translation>
    </message>
    <message>
        <source>the mapping cannot be read: %1</source>
        <translation>无法读取映射：%1</translation>
    </message>
    <message>
        <source>there is no fold '%1': expected one of %2</source>
        <translation>没有折叠方式“%1”：应为 %2 之一</translation>
    </message>
    <message>
        <source>not JSON at byte %1: %2</source>
        <translation>在第 %1 字节处不是 JSON：%2</translation>
    </message>
    <message>
        <source>not a JSON patch (RFC 6902): %1</source>
        <translation>不是 JSON patch (RFC 6902)：%1</translation>
    </message>
    <message>
        <source>operation %1 of the patch, at '%2', cannot be applied: %3</source>
        <translation>补丁的第 %1 个操作（位于“%2”）无法应用：%3</translation>
    </message>
    <message>
        <source>not an event as Leftfold writes them: %1</source>
        <translation>不是 Leftfold 写出的事件：%1</translation>
    </message>
    <message>
        <source>not a line of %1: %2</source>
        <translation>不是 %1 的行：%2</translation>
    </message>
    <message>
        <source>there are no files in %1</source>
        <translation>%1 中没有文件</translation>
    </message>
    <message>
        <source>%1 is neither a file, a folder nor a pipe</source>
        <translation>%1 既不是文件、文件夹，也不是管道</translation>
    </message>
    <message>
        <source>%1 is %2 text, and Leftfold reads UTF-8. Convert it first: iconv -f %2 -t UTF-8</source>
        <translation>%1 是 %2 文本，而 Leftfold 读取 UTF-8。请先转换：iconv -f %2 -t UTF-8</translation>
    </message>
    <message>
        <source>%1 is compressed as %2, and Leftfold reads gzip and zstd. Unpack it first.</source>
        <translation>%1 以 %2 压缩，而 Leftfold 读取 gzip 和 zstd。请先解压。</translation>
    </message>
    <message>
        <source>%1 is shorter than what was captured: %2 of %3 bytes are left. If that is right, capture it anew.</source>
        <translation>%1 比已捕获的短：%3 字节只剩 %2 字节。如果这没有错，请重新捕获。</translation>
    </message>
    <message>
        <source>%1 was rewritten: %2. If that is right, capture it anew.</source>
        <translation>%1 已被改写：%2。如果这没有错，请重新捕获。</translation>
    </message>
    <message>
        <source>%1 is gone: %2 of its bytes were captured. Bring it back, or capture what is left anew.</source>
        <translation>%1 不见了：其中 %2 字节已捕获。请恢复该文件，或重新捕获剩余部分。</translation>
    </message>
    <message>
        <source>%1 can be read only once, so its capture cannot continue. Capture it anew.</source>
        <translation>%1 只能读取一次，因此无法继续捕获。请重新捕获。</translation>
    </message>
    <message>
        <source>line %2 of %1 is longer than %3 bytes</source>
        <translation>%1 的第 %2 行超过 %3 字节</translation>
    </message>
    <message>
        <source>where the source stood cannot be read: %1</source>
        <translation>无法读取来源停留的位置：%1</translation>
    </message>
    <message>
        <source>half-written last line of %1: %2 bytes from byte %3 are not taken yet</source>
        <translation>%1 的最后一行尚未写完：从第 %3 字节起的 %2 字节暂未采用</translation>
    </message>
    <message>
        <source>%1 ends in the middle of its %2 data, at byte %3</source>
        <translation>%1 在其 %2 数据中间（第 %3 字节）结束</translation>
    </message>
    <message>
        <source>%1: its %2 data are damaged at byte %3 (%4); what stands behind cannot be read</source>
        <translation>%1：其 %2 数据在第 %3 字节处损坏（%4）；之后的内容无法读取</translation>
    </message>
    <message>
        <source>rotated files may be missing before %1: what was written to them is not captured</source>
        <translation>%1 之前可能缺少轮转文件：写入其中的内容未被捕获</translation>
    </message>
    <message>
        <source>%1 was captured as %2, not as %3. To read it so, capture it anew.</source>
        <translation>%1 曾作为 %2 捕获，而不是 %3。要这样读取，请重新捕获。</translation>
    </message>
    <message>
        <source>line %1 of %2 has %3 fields, where the columns are %4</source>
        <translation>%2 的第 %1 行有 %3 个字段，而列数为 %4</translation>
    </message>
    <message>
        <source>line %1 of %2: a quote is not closed at the end of its field; it is taken as text</source>
        <translation>%2 的第 %1 行：引号在字段末尾没有闭合；按文本处理</translation>
    </message>
    <message>
        <source>line %1 of %2 is not UTF-8 and kept as it stands</source>
        <translation>%2 的第 %1 行不是 UTF-8，按原样保留</translation>
    </message>
    <message>
        <source>line %2 of %1 was left out: %3; it starts with %4</source>
        <translation>%1 的第 %2 行被略去：%3；其开头为 %4</translation>
    </message>
    <message>
        <source>damaged: %1 does not fit</source>
        <translation>已损坏：%1 不符</translation>
    </message>
    <message>
        <source>%1 is no Leftfold capture: %2</source>
        <translation>%1 不是 Leftfold 捕获文件：%2</translation>
    </message>
    <message>
        <source>%1 was written by a newer Leftfold (format %2, this one reads up to %3). Install the newer one to open it.</source>
        <translation>%1 由更新版本的 Leftfold 写成（格式 %2，本版本最多读取 %3）。请安装新版本再打开。</translation>
    </message>
    <message>
        <source>%1 is being written by another process. What it has captured so far can be looked at.</source>
        <translation>%1 正由另一个进程写入。可以查看目前已捕获的内容。</translation>
    </message>
    <message>
        <source>%1 exists already. Give another name.</source>
        <translation>%1 已存在。请换一个名称。</translation>
    </message>
    <message>
        <source>%1 is damaged: %2</source>
        <translation>%1 已损坏：%2</translation>
    </message>
    <message>
        <source>%1 was not closed cleanly and its companion %1-wal is missing: it holds %2 events; whatever was captured after them is lost</source>
        <translation>%1 没有正常关闭，且其配套文件 %1-wal 缺失：其中有 %2 个事件；之后捕获的内容已丢失</translation>
    </message>
    <message>
        <source>%1 holds another log (%2), it cannot continue with %3</source>
        <translation>%1 保存的是另一个日志（%2），无法用 %3 继续</translation>
    </message>
    <message>
        <source>offset %1 of %2 comes after %3: offsets must grow</source>
        <translation>%2 的偏移量 %1 出现在 %3 之后：偏移量必须递增</translation>
    </message>
    <message>
        <source>a capture holds at most %1 events</source>
        <translation>一个捕获文件最多容纳 %1 个事件</translation>
    </message>
    <message>
        <source>there is no event %1: %2</source>
        <translation>没有事件 %1：%2</translation>
    </message>
    <message>
        <source>no event of this log belongs to an aggregate '%1' (by %2)</source>
        <translation>此日志中没有属于聚合“%1”的事件（依据 %2）</translation>
    </message>
    <message>
        <source>there is no partition %1 in this log: it has %2</source>
        <translation>此日志中没有分区 %1：它有 %2</translation>
    </message>
    <message>
        <source>%1 events of %2 from offset %3 to %4 cannot be read: %5</source>
        <translation>%2 中从偏移量 %3 到 %4 的 %1 个事件无法读取：%5</translation>
    </message>
    <message>
        <source>the index %1 is damaged; it will be built anew</source>
        <translation>索引 %1 已损坏；将重新建立</translation>
    </message>
    <message>
        <source>%1 and %2 disagree about which field is what: %3; %4</source>
        <translation>%1 与 %2 对各字段的含义不一致：%3；%4</translation>
    </message>
    <message>
        <source>%1 is one log in %2 and another in %3: they begin at the same offset with different events</source>
        <translation>%1 在 %2 和 %3 中是不同的日志：它们从同一偏移量开始，但事件不同</translation>
    </message>
    <message>
        <source>%1 exists already. Choose to replace it, or give another name.</source>
        <translation>%1 已存在。请选择替换，或换一个名称。</translation>
    </message>
    <message>
        <source>%1 is no export of Leftfold: %2</source>
        <translation>%1 不是 Leftfold 的导出文件：%2</translation>
    </message>
    <message>
        <source>%1, row %2: %3</source>
        <translation>%1，第 %2 行：%3</translation>
    </message>
    <message>
        <source>the state of '%1' cannot be exported: %2</source>
        <translation>无法导出“%1”的状态：%2</translation>
    </message>
    <message>
        <source>%1 is no manifest of an export: %2</source>
        <translation>%1 不是导出的清单：%2</translation>
    </message>
    <message>
        <source>%1 was made from another log: %2</source>
        <translation>%1 来自另一个日志：%2</translation>
    </message>
    <message>
        <source>%1 was made with another projection: %2, not %3</source>
        <translation>%1 使用了另一个投影：%2，而不是 %3</translation>
    </message>
    <message>
        <source>%1 is not the file that was exported: %2</source>
        <translation>%1 不是所导出的文件：%2</translation>
    </message>
    <message>
        <source>the states in %1 are not those that were exported: %2</source>
        <translation>%1 中的状态不是所导出的状态：%2</translation>
    </message>
    <message>
        <source>rebuilt from the log, %1 of the exported states differ</source>
        <translation>从日志重建后，导出的状态中有 %1 个不同</translation>
    </message>
    <message>
        <source>rebuilt from the log, the snapshot hash is %1, the manifest says %2</source>
        <translation>从日志重建后，快照哈希为 %1，而清单为 %2</translation>
    </message>
    <message>
        <source>its time cannot be read: %1</source>
        <translation>其时间无法读取：%1</translation>
    </message>
    <message>
        <source>%1 events have no time, the first here; they stand at the time of their predecessor</source>
        <translation>%1 个事件没有时间，第一个在此；它们采用前一个事件的时间</translation>
    </message>
    <message>
        <source>its time %1 is %2 beyond its neighbours; every later event up to that time stands at it</source>
        <translation>其时间 %1 比相邻事件超前 %2；此后直到该时间的事件都以它为准</translation>
    </message>
    <message>
        <source>its time %1 is %2 before the time reached already (%3)</source>
        <translation>其时间 %1 比已到达的时间（%3）早 %2</translation>
    </message>
    <message>
        <source>%1 offsets before it are missing</source>
        <translation>它之前缺少 %1 个偏移量</translation>
    </message>
    <message>
        <source>%1 events have no aggregate id (%2), the first here</source>
        <translation>%1 个事件没有聚合 ID（%2），第一个在此</translation>
    </message>
    <message>
        <source>a snapshot read the row as it was at %1, before its last change at %2</source>
        <translation>快照读取的是该行在 %1 的内容，早于它在 %2 的最后一次变更</translation>
    </message>
    <message>
        <source>the row before this change is told to have %1 = %2, but the changes so far give %3</source>
        <translation>变更称此前该行的 %1 = %2，但迄今的变更得出 %3</translation>
    </message>
    <message>
        <source>the value of %1 is not told, and no event before has it</source>
        <translation>没有给出 %1 的值，之前的事件中也没有</translation>
    </message>
    <message>
        <source>the change does not tell the row</source>
        <translation>该变更没有指明行</translation>
    </message>
    <message>
        <source>it tells no change of a row in a form that is known</source>
        <translation>它没有以已知的形式说明行的变更</translation>
    </message>
    <message>
        <source>its key changed: the row goes on as %1</source>
        <translation>其键已改变：该行以 %1 延续</translation>
    </message>
    <message>
        <source>its key changed: the row was %1</source>
        <translation>其键已改变：该行原为 %1</translation>
    </message>
    <message>
        <source>%1 and %2 have different events here; the one of %1 was kept</source>
        <translation>%1 与 %2 在此处的事件不同；保留了 %1 的</translation>
    </message>
    <message>
        <source>'%1' names no Kafka log: %2. Expected kafka://host:port/topic[,topic...] or kafka://PROFILE/topic[,topic...]</source>
        <translation>“%1”不是 Kafka 日志：%2。应为 kafka://主机:端口/topic[,topic...] 或 kafka://配置名/topic[,topic...]</translation>
    </message>
    <message>
        <source>'%1' is no place in a topic: expected an offset, a time, earliest, latest, -N (the last N offsets) or a cut (topic[partition]:next,...)</source>
        <translation>“%1”不是主题中的位置：应为偏移量、时间、earliest、latest、-N（最后 N 个偏移量）或切面 (topic[分区]:下一偏移量,…)</translation>
    </message>
    <message>
        <source>the name of %1 cannot be resolved: %2. Check the address, and whether this machine is in the right network.</source>
        <translation>无法解析 %1 的名称：%2。请检查地址，以及此计算机是否在正确的网络中。</translation>
    </message>
    <message>
        <source>%1 cannot be reached: %2. Check host and port, and whether a firewall or a missing VPN is in between.</source>
        <translation>无法连接 %1：%2。请检查主机和端口，以及是否有防火墙阻拦或未连接 VPN。</translation>
    </message>
    <message>
        <source>%1 does not answer since %2 s%3. What was captured is kept; opening it again goes on.</source>
        <translation>%1 已有 %2 秒没有应答%3。已捕获的内容会保留；再次打开即可继续。</translation>
    </message>
    <message>
        <source>no secure connection to %1: %2; %3</source>
        <translation>无法与 %1 建立安全连接：%2；%3</translation>
    </message>
    <message>
        <source>%1 does not let you in: %2. Check mechanism, user and secret of the profile.</source>
        <translation>%1 拒绝登录：%2。请检查配置中的机制、用户和密码。</translation>
    </message>
    <message>
        <source>no token from %1: %2</source>
        <translation>未能从 %1 获得令牌：%2</translation>
    </message>
    <message>
        <source>no permission for %1: %2. Ask for READ and DESCRIBE on it.</source>
        <translation>没有 %1 的权限：%2。请申请对它的 READ 和 DESCRIBE 权限。</translation>
    </message>
    <message>
        <source>there is no topic %1 at %2 (or this user may not see it)</source>
        <translation>%2 上没有主题 %1（或此用户无权查看）</translation>
    </message>
    <message>
        <source>the topic %1 has no partition %2: it has %3</source>
        <translation>主题 %1 没有分区 %2：它有 %3</translation>
    </message>
    <message>
        <source>the topic %1 was deleted while it was read. What was captured is kept.</source>
        <translation>主题 %1 在读取期间被删除。已捕获的内容会保留。</translation>
    </message>
    <message>
        <source>%1 is another record than the one captured from there: the topic was deleted and made anew, or truncated. Capture it anew to see what it holds now.</source>
        <translation>%1 处的记录与当初捕获的不同：主题被删除后重建，或被截断。请重新捕获以查看现在的内容。</translation>
    </message>
    <message>
        <source>%1 ends at offset %2, before what was captured of it (%3): the topic was deleted and made anew, or truncated. Capture it anew to see what it holds now.</source>
        <translation>%1 止于偏移量 %2，早于已捕获的内容（%3）：主题被删除后重建，或被截断。请重新捕获以查看现在的内容。</translation>
    </message>
    <message>
        <source>another cluster answers at %1: %2, where %3 was captured. Capture it anew if that is right.</source>
        <translation>%1 处应答的是另一个集群：%2，而捕获的是 %3。如果这没有错，请重新捕获。</translation>
    </message>
    <message>
        <source>%1 offsets before it were deleted (by retention or by hand) before they could be captured</source>
        <translation>它之前的 %1 个偏移量在捕获之前已被删除（因保留策略或手动删除）</translation>
    </message>
    <message>
        <source>the topic is compacted, and here the first records are missing: the states at its end are right, past ones are not reliable</source>
        <translation>主题已压实，此处开始缺少记录：末尾的状态正确，过去的状态不可靠</translation>
    </message>
    <message>
        <source>%1: the broker's records cannot be read: %2</source>
        <translation>%1：无法读取 broker 的记录：%2</translation>
    </message>
    <message>
        <source>the property '%1' cannot be used: %2</source>
        <translation>属性“%1”无法使用：%2</translation>
    </message>
    <message>
        <source>there is no profile '%1' in %2</source>
        <translation>%2 中没有配置“%1”</translation>
    </message>
    <message>
        <source>the profile %1 cannot be read: %2</source>
        <translation>无法读取配置 %1：%2</translation>
    </message>
    <message>
        <source>the secret '%1' is not there: %2</source>
        <translation>缺少密钥“%1”：%2</translation>
    </message>
    <message>
        <source>%1, line %2: %3</source>
        <translation>%1，第 %2 行：%3</translation>
    </message>
    <message>
        <source>there is no consumer group %1</source>
        <translation>没有消费者组 %1</translation>
    </message>
    <message>
        <source>The batch is damaged: %1.</source>
        <translation>此批次已损坏：%1。</translation>
    </message>
    <message>
        <source>not %1 at byte %2: %3</source>
        <translation>字节 %2 处不是 %1：%3</translation>
    </message>
    <message>
        <source>the %1 schema cannot be used: %2</source>
        <translation>无法使用该 %1 模式：%2</translation>
    </message>
    <message>
        <source>%1: %2 bytes from byte %3 were skipped: %4</source>
        <translation>%1：从字节 %3 起的 %2 个字节已跳过：%4</translation>
    </message>
    <message>
        <source>%1 ends within a batch: its last %2 bytes, from byte %3, are not taken yet</source>
        <translation>%1 在一个批次中间结束：从字节 %3 起的最后 %2 个字节暂未读取</translation>
    </message>
    <message>
        <source>%1: %2 bytes of zeros from byte %3 are room reserved for what comes; that is normal</source>
        <translation>%1：从字节 %3 起的 %2 个零字节是为后续数据预留的空间；这是正常的</translation>
    </message>
    <message>
        <source>%1: the batch of %2 bytes at byte %3 says that it begins at offset %4, where %5 should follow, and nothing behind it proves that: it is not taken yet</source>
        <translation>%1：字节 %3 处 %2 字节的批次声称从偏移量 %4 开始，而此处应为 %5，其后也没有内容可以证实：暂未读取</translation>
    </message>
    <message>
        <source>%1 does not fit its segment: %2; it is not used</source>
        <translation>%1 与其日志段不符：%2；不予使用</translation>
    </message>
    <message>
        <source>%1 is gone or shorter than it was: %2. If that is right, capture it anew.</source>
        <translation>%1 已不存在或比之前短：%2。如果这是正确的，请重新捕获。</translation>
    </message>
    <message>
        <source>there is no %1 in %2: it has %3</source>
        <translation>%2 中没有 %1：其中有 %3</translation>
    </message>
    <message>
        <source>there are no segments of Kafka logs in %1</source>
        <translation>%1 中没有 Kafka 日志段</translation>
    </message>
    <message>
        <source>there is no __consumer_offsets in %1: what consumer groups have committed stands there. Name the log folder of the broker that has it.</source>
        <translation>%1 中没有 __consumer_offsets：消费者组提交的内容保存在其中。请指定拥有它的代理的日志文件夹。</translation>
    </message>
    <message>
        <source>%1:%2:%3: %4</source>
        <translation>%1:%2:%3：%4</translation>
    </message>
    <message>
        <source>%1 defines no projection: %2</source>
        <translation>%1 没有定义投影：%2</translation>
    </message>
    <message>
        <source>%1: '%2' cannot be imported: %3</source>
        <translation>%1：无法导入“%2”：%3</translation>
    </message>
    <message>
        <source>the script stopped at %1, in %2: %3 (%4:%5:%6)</source>
        <translation>脚本在 %1 处、%2 中停止：%3（%4:%5:%6）</translation>
    </message>
    <message>
        <source>the script was stopped at %1, in %2: it took longer than %3 ms</source>
        <translation>脚本在 %1 处、%2 中被停止：耗时超过 %3 毫秒</translation>
    </message>
    <message>
        <source>the script was stopped at %1, in %2: it needed more than %3 MB</source>
        <translation>脚本在 %1 处、%2 中被停止：所需内存超过 %3 MB</translation>
    </message>
    <message>
        <source>the projection's state cannot be kept: %1</source>
        <translation>无法保存投影的状态：%1</translation>
    </message>
    <message>
        <source>JavaScript cannot hold the number %1 exactly: the projection sees %2</source>
        <translation>JavaScript 无法精确表示数字 %1：投影看到的是 %2</translation>
    </message>
    <message>
        <source>the projection asks for %1: it is told %2, so that it says the same each time</source>
        <translation>投影请求 %1：它得到的是 %2，因此每次结果都相同</translation>
    </message>
    <message>
        <source>the %1 is kept as it is: %2</source>
        <translation>%1 按原样保留：%2</translation>
    </message>
    <message>
        <source>%1 is not there: %2</source>
        <translation>%1 不存在：%2</translation>
    </message>
    <message>
        <source>the schema registry %1 does not give %2: %3</source>
        <translation>模式注册中心 %1 未提供 %2：%3</translation>
    </message>
    <message>
        <source>%1 is one schema in %2 and another in %3. Merge captures of one registry.</source>
        <translation>%1 在 %2 和 %3 中是不同的模式。请只合并来自同一注册中心的捕获。</translation>
    </message>
    <message>
        <source>'%1' says not how payloads are decoded: %2</source>
        <translation>“%1”没有说明如何解码载荷：%2</translation>
    </message>
    <message>
        <source>there is no schema %1 in this capture: it has %2</source>
        <translation>此捕获中没有模式 %1：其中有 %2</translation>
    </message>
    <message>
        <source>'%1' is no masking rule: %2</source>
        <translation>“%1”不是屏蔽规则：%2</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>%1 was written by a newer Leftfold (format %2, this one reads up to %3)</source>
        <translation>%1 由更新版本的 Leftfold 写成（格式 %2，此版本最多读取格式 %3）</translation>
    </message>
    <message>
        <source>%1 names what lies outside of its folder: %2. Nothing of it was opened.</source>
        <translation>%1 引用了其文件夹之外的内容：%2。未打开其中任何内容。</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::AggregatePanel</name>
    <message>
        <source>Find an aggregate by its id</source>
        <translation>按 ID 查找聚合</translation>
    </message>
    <message>
        <source>State of the aggregate</source>
        <translation>聚合的状态</translation>
    </message>
    <message>
        <source>Step along changes of this field</source>
        <translation>沿此字段的变更单步</translation>
    </message>
    <message>
        <source>List only its events</source>
        <translation>只列出它的事件</translation>
    </message>
    <message>
        <source>Finding the aggregates of the log…</source>
        <translation>正在查找日志中的聚合…</translation>
    </message>
    <message>
        <source>Choose an aggregate: by its id above, or from an event</source>
        <translation>选择一个聚合：在上方输入 ID，或从事件中选择</translation>
    </message>
    <message>
        <source>No event of this log belongs to %1</source>
        <translation>此日志中没有属于 %1 的事件</translation>
    </message>
    <message>
        <source>Does not exist yet: its first event comes later</source>
        <translation>尚不存在：其第一个事件在后面</translation>
    </message>
    <message>
        <source>Does not exist at the playhead: it was deleted</source>
        <translation>在播放头处不存在：已被删除</translation>
    </message>
    <message>
        <source> · state of %1</source>
        <translation> · 状态大小 %1</translation>
    </message>
    <message>
        <source> · watching %1</source>
        <translation> · 正在观察 %1</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Who wrote this: back to the change before</source>
        <translation>是谁写的：回到上一次变化</translation>
    </message>
    <message>
        <source>On to its next change</source>
        <translation>前进到它的下一次变化</translation>
    </message>
    <message>
        <source>Break when it changes</source>
        <translation>在它变化时中断</translation>
    </message>
    <message>
        <source>Plot over time</source>
        <translation>按时间绘图</translation>
    </message>
    <message>
        <source> · lit: what taking back %1 changed</source>
        <translation> · 高亮：撤回 %1 所改变的内容</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::AggregatesModel</name>
    <message>
        <source>aggregate</source>
        <translation>聚合</translation>
    </message>
    <message>
        <source>events</source>
        <translation>事件数</translation>
    </message>
    <message>
        <source>last event</source>
        <translation>最后事件</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::AggregatesPanel</name>
    <message>
        <source>Aggregates at the playhead</source>
        <translation>播放头处的聚合</translation>
    </message>
    <message>
        <source>%1 of %2 folded</source>
        <translation>已折叠 %1 / %2</translation>
    </message>
    <message>
        <source>%1 aggregates</source>
        <translation>%1 个聚合</translation>
    </message>
    <message>
        <source>%1 match · %2 aggregates</source>
        <translation>%1 个匹配 · %2 个聚合</translation>
    </message>
    <message>
        <source>A part of the id, or a condition on the state: /total &gt; 100</source>
        <translation>ID 的一部分，或对状态的条件：/total &gt; 100</translation>
    </message>
    <message>
        <source>Filter the aggregates</source>
        <translation>筛选聚合</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose in Projection what an aggregate is and how its events are folded.</source>
        <translation>请在“投影”中选择什么是聚合，以及如何折叠其事件。</translation>
    </message>
    <message>
        <source>No aggregate exists at the playhead.</source>
        <translation>播放头处不存在任何聚合。</translation>
    </message>
    <message>
        <source>None of the %1 aggregates match.</source>
        <translation>%1 个聚合中没有匹配的。</translation>
    </message>
    <message>
        <source>The states have no values of their own</source>
        <translation>这些状态没有各自的值</translation>
    </message>
    <message>
        <source>Show aggregate</source>
        <translation>显示聚合</translation>
    </message>
    <message>
        <source>Go to its last event</source>
        <translation>转到其最后一个事件</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::BreakpointsPanel</name>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Breakpoint</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>Text of a breakpoint</source>
        <translation>断点的文本</translation>
    </message>
    <message>
        <source>No breakpoints yet. Write one below, or choose one in the menu of an event or of a field.</source>
        <translation>还没有断点。在下方填写，或在事件或字段的菜单中选择。</translation>
    </message>
    <message>
        <source>Where a run stopped, and what log points told on the way, is listed here.</source>
        <translation>运行停在何处，以及途中日志点的输出，都列在这里。</translation>
    </message>
    <message>
        <source>type T · of ID · changes /path · js: …</source>
        <translation>type T · of ID · changes /path · js: …</translation>
    </message>
    <message>
        <source>Words that must all hold of an event and its aggregate:
type TYPE, of ID, at WHEN, changes PATH, fails, hit N; log: tell it and run on.
At the end at most one of: where CONDITION (on the payload), becomes CONDITION (on the state),
when CONDITION (/before/…, /event/…, /after/…), js: (before, event, after) =&gt; …</source>
        <translation>以下各项必须对事件及其聚合全部成立：
type 类型、of 标识、at 时刻、changes 路径、fails、hit N；log：记录后继续运行。
末尾至多一个：where 条件（针对载荷）、becomes 条件（针对状态）、
when 条件（/before/…、/event/…、/after/…）、js: (before, event, after) =&gt; …</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Where the last run stopped, and what log points told</source>
        <translation>上次运行停在何处，以及日志点的输出</translation>
    </message>
    <message>
        <source>Running…</source>
        <translation>正在运行…</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>正在运行：%1</translation>
    </message>
    <message>
        <source>F5 runs on to where a breakpoint holds, Shift+F5 back to the last such event before.</source>
        <translation>F5 向前运行到断点成立之处，Shift+F5 向后回到之前最近的此类事件。</translation>
    </message>
    <message>
        <source>No breakpoint holds further on</source>
        <translation>后面没有断点成立</translation>
    </message>
    <message>
        <source>No breakpoint holds before</source>
        <translation>前面没有断点成立</translation>
    </message>
    <message>
        <source> · %1 events passed</source>
        <translation> · 已经过 %1 个事件</translation>
    </message>
    <message>
        <source>Stopped behind %1</source>
        <translation>停在 %1 之后</translation>
    </message>
    <message>
        <source>Stopped before %1</source>
        <translation>停在 %1 之前</translation>
    </message>
    <message>
        <source> · the playhead has moved since</source>
        <translation> · 此后播放头已移动</translation>
    </message>
    <message>
        <source> · log points told of %1 events</source>
        <translation> · 日志点记录了 %1 个事件</translation>
    </message>
    <message>
        <source> · ⚠ %1 could not be read: it may have passed one</source>
        <translation> · ⚠ 有 %1 个无法读取：可能因此错过了断点</translation>
    </message>
    <message>
        <source>All that is said must hold: type, of, at, changes, fails; at the end one of where, becomes, when, js: · log tells of it and runs on</source>
        <translation>各项须全部成立：type、of、at、changes、fails；末尾可用 where、becomes、when、js: 之一 · log 则只记录并继续运行</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>A command, an id, a time, #index or topic[partition]@offset</source>
        <translation>命令、ID、时间、#序号或 topic[分区]@偏移量</translation>
    </message>
    <message>
        <source>Find or run a command</source>
        <translation>查找或运行命令</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>找到的命令</translation>
    </message>
    <message>
        <source>Aggregate %1</source>
        <translation>聚合 %1</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>转到 %1</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ConnectDialog</name>
    <message>
        <source>Topics of %1</source>
        <translation>%1 的主题</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>A client.properties of Java, or a kcat.conf</source>
        <translation>Java 的 client.properties，或 kcat.conf</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>None yet. A cluster that needs no sign-in needs none.</source>
        <translation>还没有。无需登录的集群不需要配置。</translation>
    </message>
    <message>
        <source>Steps of the connection test</source>
        <translation>连接测试的步骤</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Choose topics</source>
        <translation>选择主题</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leftfold only reads: no consumer group, no commit, no new topic.</source>
        <translation>Leftfold 只读取：不加入消费者组，不提交，不创建主题。</translation>
    </message>
    <message>
        <source>Filter the topics</source>
        <translation>筛选主题</translation>
    </message>
    <message>
        <source>Kafka's own topics too</source>
        <translation>包括 Kafka 自己的主题</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Asking the cluster</source>
        <translation>正在询问集群</translation>
    </message>
    <message>
        <source>Last records</source>
        <translation>最近的记录</translation>
    </message>
    <message>
        <source>the earliest record</source>
        <translation>最早的记录</translation>
    </message>
    <message>
        <source>what comes from now on</source>
        <translation>从现在起的新记录</translation>
    </message>
    <message>
        <source>the end</source>
        <translation>末尾</translation>
    </message>
    <message>
        <source>the last … of each partition</source>
        <translation>每个分区的最后 … 条</translation>
    </message>
    <message>
        <source>a time or an offset</source>
        <translation>某个时间或偏移量</translation>
    </message>
    <message>
        <source>%1: value</source>
        <translation>%1：值</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Isolation level</source>
        <translation>隔离级别</translation>
    </message>
    <message>
        <source>Only the key</source>
        <translation>仅此键</translation>
    </message>
    <message>
        <source>all keys</source>
        <translation>所有键</translation>
    </message>
    <message>
        <source>Reads only records with this key: first the partition where producers put it</source>
        <translation>只读取带有此键的记录：先读生产者写入它的分区</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>事务</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Stay at the end</source>
        <translation>停留在末尾</translation>
    </message>
    <message>
        <source>Live: the playhead stays at the end while records come</source>
        <translation>实时：有新记录时播放头停留在末尾</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Import settings of another program</source>
        <translation>导入其他程序的设置</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Last records of %1…</source>
        <translation>%1 的最近记录…</translation>
    </message>
    <message>
        <source>Give it a name first: it is kept as a profile</source>
        <translation>请先取个名字：它将保存为配置</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>正在测试…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>正在询问 %1…</translation>
    </message>
    <message>
        <source>There are no topics here, or this user may not see them.</source>
        <translation>这里没有主题，或此用户无权查看。</translation>
    </message>
    <message>
        <source>No last records of %1: %2</source>
        <translation>没有 %1 的最近记录：%2</translation>
    </message>
    <message>
        <source>%1 holds no records</source>
        <translation>%1 中没有记录</translation>
    </message>
    <message>
        <source>Last records of %1</source>
        <translation>%1 的最近记录</translation>
    </message>
    <message>
        <source>Tick the topics that are to be one log</source>
        <translation>勾选要合为一个日志的主题</translation>
    </message>
    <message>
        <source>Open %1 topics</source>
        <translation>打开 %1 个主题</translation>
    </message>
    <message>
        <source>Connect to Kafka</source>
        <translation>连接到 Kafka</translation>
    </message>
    <message>
        <source>Remove a profile</source>
        <translation>删除配置</translation>
    </message>
    <message>
        <source>Remove the profile %1? What it says cannot be had back; secrets stay where they are kept.</source>
        <translation>要删除配置 %1 吗？其内容无法恢复；机密信息仍保留在原处。</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::CountLabel</name>
    <message>
        <source>the first %1 are listed</source>
        <translation>只列出前 %1 个</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::DecodeDialog</name>
    <message>
        <source>Decode payloads</source>
        <translation>解码负载</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Which part of the records</source>
        <translation>记录的哪一部分</translation>
    </message>
    <message>
        <source>Schema from a file…</source>
        <translation>从文件读取模式…</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>出了什么问题</translation>
    </message>
    <message>
        <source>Read all of them so</source>
        <translation>全部这样读取</translation>
    </message>
    <message>
        <source>read as</source>
        <translation>读作</translation>
    </message>
    <message>
        <source>what it is then, or why it cannot be</source>
        <translation>结果，或不能这样读的原因</translation>
    </message>
    <message>
        <source>Decoders</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Schemas</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Event %1 has none: it is null.</source>
        <translation>事件 %1 没有这一部分：为空值。</translation>
    </message>
    <message>
        <source>How those of topic %1 are read, and what comes of event %2</source>
        <translation>主题 %1 的读取方式，以及事件 %2 的结果</translation>
    </message>
    <message>
        <source>So they are read now</source>
        <translation>目前这样读取</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::Decoding</name>
    <message>
        <source>Automatic (%1)</source>
        <translation>自动（%1）</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1: %2 became %3</source>
        <translation>%1：由 %2 变为 %3</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>an integer</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a floating-point number</source>
        <translation>浮点数</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>%1 version %2</source>
        <translation>%1 版本 %2</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <translation>%1，模式 %2</translation>
    </message>
    <message>
        <source>%1 by schema %2</source>
        <translation>%1，模式 %2</translation>
    </message>
    <message>
        <source>%1: added, %2</source>
        <translation>%1：新增，%2</translation>
    </message>
    <message>
        <source>%1: removed, it was %2</source>
        <translation>%1：已删除，原为 %2</translation>
    </message>
    <message>
        <source>%1: renamed from %2</source>
        <translation>%1：原名 %2</translation>
    </message>
    <message>
        <source>%1: its default</source>
        <translation>%1 的默认值</translation>
    </message>
    <message>
        <source>%1: its number</source>
        <translation>%1 的编号</translation>
    </message>
    <message>
        <source>%1: the symbol %2 was added</source>
        <translation>%1：新增符号 %2</translation>
    </message>
    <message>
        <source>%1: the symbol %2 was removed</source>
        <translation>%1：删除符号 %2</translation>
    </message>
    <message>
        <source>%1: its documentation</source>
        <translation>%1 的说明</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::DiffModel</name>
    <message>
        <source>aggregate</source>
        <translation>聚合</translation>
    </message>
    <message>
        <source>what</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>changes</source>
        <translation>变更数</translation>
    </message>
    <message>
        <source>created</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>变更</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::DiffPanel</name>
    <message>
        <source>Set the marks A and B to compare two moments: with the keys A and B at the playhead, or in the menu of an event.</source>
        <translation>设置标记 A 和 B 以比较两个时刻：在播放头处按 A 键和 B 键，或使用事件的菜单。</translation>
    </message>
    <message>
        <source>%1 of %2 aggregates</source>
        <translation>%1 / %2 个聚合</translation>
    </message>
    <message>
        <source>No aggregate differs between A and B.</source>
        <translation>A 与 B 之间没有任何聚合不同。</translation>
    </message>
    <message>
        <source>Choose an aggregate to see what changed in it.</source>
        <translation>选择一个聚合以查看其中的变更。</translation>
    </message>
    <message>
        <source>The aggregate at A and B, merged</source>
        <translation>合并显示聚合在 A 和 B 的状态</translation>
    </message>
    <message>
        <source>Aggregates that differ</source>
        <translation>有差异的聚合</translation>
    </message>
    <message>
        <source>created</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>events between</source>
        <translation>其间的事件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The events behind each change</source>
        <translation>每项变更背后的事件</translation>
    </message>
    <message>
        <source>the whole state</source>
        <translation>整个状态</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::DockGrip</name>
    <message>
        <source>Drag to move the panel</source>
        <translation>拖动以移动面板</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::EventPanel</name>
    <message>
        <source>… and %1 more bytes</source>
        <translation>… 另有 %1 字节</translation>
    </message>
    <message>
        <source>Show this aggregate</source>
        <translation>显示此聚合</translation>
    </message>
    <message>
        <source>Go here</source>
        <translation>转到此处</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>树</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原文</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>十六进制</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>消息头</translation>
    </message>
    <message>
        <source>Payload as it is</source>
        <translation>原样载荷</translation>
    </message>
    <message>
        <source>header</source>
        <translation>消息头</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>own time %1</source>
        <translation>自身时间 %1</translation>
    </message>
    <message>
        <source>log's time %1</source>
        <translation>日志时间 %1</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>键 %1</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 字节</translation>
    </message>
    <message>
        <source>Choose an event to see it here.</source>
        <translation>选择一个事件以在此查看。</translation>
    </message>
    <message>
        <source>The payload is no document.</source>
        <translation>载荷不是文档。</translation>
    </message>
    <message>
        <source>A tombstone: the payload is null.</source>
        <translation>墓碑：载荷为 null。</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>Show this schema, and what changed in it</source>
        <translation>显示此模式及其变更</translation>
    </message>
    <message>
        <source>Decode…</source>
        <translation>解码…</translation>
    </message>
    <message>
        <source>Choose how payloads like this one are read</source>
        <translation>选择这类负载的读取方式</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::EventsLink</name>
    <message>
        <source>%1 events copied</source>
        <translation>已复制 %1 个事件</translation>
    </message>
    <message>
        <source>; %1 left out: a line of kcat has no way to write bytes that are no text. Copy these as JSON.</source>
        <translation>；%1 个未复制：kcat 的一行无法表示不是文本的字节。请将它们复制为 JSON。</translation>
    </message>
    <message>
        <source>1 event copied</source>
        <translation>已复制 1 个事件</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::EventsModel</name>
    <message>
        <source>time (UTC)</source>
        <translation>时间 (UTC)</translation>
    </message>
    <message>
        <source>time (local)</source>
        <translation>时间 (本地)</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>载荷</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>tombstone</source>
        <translation>墓碑</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::EventsPanel</name>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>This log has no events yet.</source>
        <translation>此日志还没有事件。</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>None of the %1 events match. Take a filter away, or widen it.</source>
        <translation>%1 个事件中没有匹配的。请去掉或放宽某个筛选条件。</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>Go here</source>
        <translation>转到此处</translation>
    </message>
    <message>
        <source>Set A here</source>
        <translation>在此设置 A</translation>
    </message>
    <message>
        <source>Set B here</source>
        <translation>在此设置 B</translation>
    </message>
    <message>
        <source>Show aggregate</source>
        <translation>显示聚合</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>复制为 JSON</translation>
    </message>
    <message>
        <source>Copy as kcat line</source>
        <translation>复制为 kcat 行</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
    <message>
        <source>Add a column…</source>
        <translation>添加列…</translation>
    </message>
    <message>
        <source>Remove this column</source>
        <translation>移除此列</translation>
    </message>
    <message>
        <source>Add a column</source>
        <translation>添加列</translation>
    </message>
    <message>
        <source>Path in the payload, as /customer/name:</source>
        <translation>载荷中的路径，例如 /customer/name：</translation>
    </message>
    <message>
        <source>Break on this type</source>
        <translation>在此类型上中断</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ExportDialog</name>
    <message>
        <source>the manifest</source>
        <translation>清单</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>its rows</source>
        <translation>其中的行</translation>
    </message>
    <message>
        <source>the log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>the projection</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>the states, rebuilt</source>
        <translation>重建的状态</translation>
    </message>
    <message>
        <source>Replace a file that is there</source>
        <translation>替换已有文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Export the states at the playhead</source>
        <translation>导出播放头处的状态</translation>
    </message>
    <message>
        <source>JSON lines</source>
        <translation>JSON 行</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>SQLite database</source>
        <translation>SQLite 数据库</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>How far the export is</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>%1, at %2</source>
        <translation>%1，位于 %2</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Checking the file against the log · </source>
        <translation>正在用日志校验文件 · </translation>
    </message>
    <message>
        <source>Writing · </source>
        <translation>正在写入 · </translation>
    </message>
    <message>
        <source>Cancelled: nothing was written</source>
        <translation>已取消：没有写入任何内容</translation>
    </message>
    <message>
        <source>%1 aggregates, %2, in %3</source>
        <translation>%1 个聚合，%2，写入 %3</translation>
    </message>
    <message>
        <source>%1 events could not be read: the states lack them</source>
        <translation>%1 个事件无法读取：状态中缺少它们</translation>
    </message>
    <message>
        <source>Verified: %1</source>
        <translation>已校验：%1</translation>
    </message>
    <message>
        <source>How the export went</source>
        <translation>导出的结果</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::FilterBar</name>
    <message>
        <source>Filter by %1, now %2</source>
        <translation>按%1筛选，当前为 %2</translation>
    </message>
    <message>
        <source>Filter by %1</source>
        <translation>按%1筛选</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>partition</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 及另外 %2 项</translation>
    </message>
    <message>
        <source>Aggregate id, as a whole</source>
        <translation>完整的聚合 ID</translation>
    </message>
    <message>
        <source>Text in payload or key</source>
        <translation>载荷或键中的文本</translation>
    </message>
    <message>
        <source>A date and time, as 2026-11-20 14:03:22.118</source>
        <translation>日期和时间，例如 2026-11-20 14:03:22.118</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1  (%2)</translation>
    </message>
    <message>
        <source>%1 match · %2 scanned</source>
        <translation>%1 个匹配 · 已扫描 %2</translation>
    </message>
    <message>
        <source>%1 match · %2 of %3 scanned</source>
        <translation>%1 个匹配 · 已扫描 %2 / %3</translation>
    </message>
    <message>
        <source>local time</source>
        <translation>本地时间</translation>
    </message>
    <message>
        <source>From (%1)</source>
        <translation>从 (%1)</translation>
    </message>
    <message>
        <source>Before (%1)</source>
        <translation>早于 (%1)</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::HexView</name>
    <message>
        <source>Bytes in hex</source>
        <translation>十六进制字节</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::HistoryDots</name>
    <message>
        <source>Events of the aggregate along the time</source>
        <translation>聚合的事件（按时间）</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::HitsModel</name>
    <message>
        <source>event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>aggregate</source>
        <translation>聚合</translation>
    </message>
    <message>
        <source>what it said</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>stopped: %1</source>
        <translation>停止：%1</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::JsonTree</name>
    <message>
        <source>Values</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy value</source>
        <translation>复制值</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::JsonTreeModel</name>
    <message>
        <source>was %1</source>
        <translation>原为 %1</translation>
    </message>
    <message>
        <source>field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>last written by</source>
        <translation>最后写入者</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::KafkaTexts</name>
    <message>
        <source>Find the address</source>
        <translation>查找地址</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Encrypt (TLS)</source>
        <translation>加密 (TLS)</translation>
    </message>
    <message>
        <source>Sign in (SASL)</source>
        <translation>登录 (SASL)</translation>
    </message>
    <message>
        <source>Ask for the topics</source>
        <translation>询问主题</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>%1 topics</source>
        <translation>%1 个主题</translation>
    </message>
    <message>
        <source>topics can be read</source>
        <translation>可以读取主题</translation>
    </message>
    <message>
        <source>No topic can be seen: there are none, or this user may not see them. Ask for READ and DESCRIBE on the topics.</source>
        <translation>看不到任何主题：可能没有主题，或此用户无权查看。请申请主题的 READ 和 DESCRIBE 权限。</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>at most %1 a partition</source>
        <translation>每个分区最多 %1</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>尚不清楚</translation>
    </message>
    <message>
        <source>falls behind</source>
        <translation>落后</translation>
    </message>
    <message>
        <source>no progress</source>
        <translation>无进展</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>went back</source>
        <translation>回退</translation>
    </message>
    <message>
        <source>it never committed anything</source>
        <translation>它从未提交过</translation>
    </message>
    <message>
        <source>%1 of %2 samples so far</source>
        <translation>目前有 %1/%2 个样本</translation>
    </message>
    <message>
        <source>it has read everything</source>
        <translation>它已读完全部</translation>
    </message>
    <message>
        <source>nothing was committed for longer than the samples before took, and there was something to read</source>
        <translation>未提交的时间长于之前样本所跨的时间，而当时有内容可读</translation>
    </message>
    <message>
        <source>what it committed did not change for longer than the samples before took, and there was something to read</source>
        <translation>其提交位置未变的时间长于之前样本所跨的时间，而当时有内容可读</translation>
    </message>
    <message>
        <source>what it committed went back and has not been reached again</source>
        <translation>其提交位置回退了，至今没有再达到</translation>
    </message>
    <message>
        <source>within these samples it had caught up</source>
        <translation>在这些样本中它曾追上</translation>
    </message>
    <message>
        <source>it commits, but always the same offset</source>
        <translation>它在提交，但总是同一个偏移量</translation>
    </message>
    <message>
        <source>what it committed is the same in every sample, and there was something to read</source>
        <translation>每个样本中其提交位置都相同，而当时有内容可读</translation>
    </message>
    <message>
        <source>it makes progress, but its lag never became less</source>
        <translation>它有进展，但滞后从未减少</translation>
    </message>
    <message>
        <source>its lag becomes less</source>
        <translation>它的滞后在减少</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 @ %2</translation>
    </message>
    <message>
        <source>%1 samples, %2 to %3</source>
        <translation>%1 个样本，%2 至 %3</translation>
    </message>
    <message>
        <source>never committed</source>
        <translation>从未提交</translation>
    </message>
    <message>
        <source>%1 ahead of the end: the partition was truncated or made anew</source>
        <translation>超出末尾 %1：分区被截断或重新创建</translation>
    </message>
    <message>
        <source>%1 offsets were deleted before it read them</source>
        <translation>%1 个偏移量在它读取之前已被删除</translation>
    </message>
    <message>
        <source>waits for an open transaction</source>
        <translation>在等待未结束的事务</translation>
    </message>
    <message>
        <source>only a transaction marker is left: nothing to read</source>
        <translation>只剩一个事务标记：没有可读的内容</translation>
    </message>
    <message>
        <source>%1 offsets before the next record hold none</source>
        <translation>下一条记录之前的 %1 个偏移量没有记录</translation>
    </message>
    <message>
        <source>caught up</source>
        <translation>已追上</translation>
    </message>
    <message>
        <source>never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1 后</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Of transactions only what was committed, up to the first that is still open</source>
        <translation>事务只读取已提交的，直到第一个未结束的事务为止</translation>
    </message>
    <message>
        <source>Also what transactions wrote that were aborted or are still open</source>
        <translation>也读取已中止或未结束的事务所写的内容</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::LagLanes</name>
    <message>
        <source>Where the added views stand</source>
        <translation>已添加视图的位置</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::LagPlot</name>
    <message>
        <source>Lag over time</source>
        <translation>滞后随时间的变化</translation>
    </message>
    <message>
        <source>%1 samples, now %2</source>
        <translation>%1 个样本，现在 %2</translation>
    </message>
    <message>
        <source>An added view has its lag drawn here</source>
        <translation>已添加视图的滞后绘制在此</translation>
    </message>
    <message>
        <source>The next sample makes a line</source>
        <translation>下一个样本后即可画线</translation>
    </message>
    <message>
        <source>lag, at most %1</source>
        <translation>滞后，最大 %1</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::LogPanel</name>
    <message>
        <source>History before offset %1 is not there: states before it are incomplete</source>
        <translation>没有偏移量 %1 之前的历史：此前的状态不完整</translation>
    </message>
    <message>
        <source>%1 offsets in between are missing</source>
        <translation>中间缺少 %1 个偏移量</translation>
    </message>
    <message>
        <source>%1 records cannot be decoded</source>
        <translation>%1 条记录无法解码</translation>
    </message>
    <message>
        <source>%1 events have no time of their own</source>
        <translation>%1 个事件没有自己的时间</translation>
    </message>
    <message>
        <source>%1 events are lost: the capture is damaged</source>
        <translation>丢失 %1 个事件：捕获文件已损坏</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Types of events</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>Which part of an event is what, as it was detected or given</source>
        <translation>事件各部分的含义（检测得出或指定）</translation>
    </message>
    <message>
        <source>1 partition</source>
        <translation>1 个分区</translation>
    </message>
    <message>
        <source>%1 partitions</source>
        <translation>%1 个分区</translation>
    </message>
    <message>
        <source>Double click lists only events of this type</source>
        <translation>双击只列出此类型的事件</translation>
    </message>
    <message>
        <source>Types · %1</source>
        <translation>类型 · %1</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Added views</source>
        <translation>已添加的视图</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::MainWindow</name>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Aggregate</source>
        <translation>聚合</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Aggregates</source>
        <translation>聚合列表</translation>
    </message>
    <message>
        <source>Diff A–B</source>
        <translation>差异 A–B</translation>
    </message>
    <message>
        <source>Projection</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Close the log</source>
        <translation>关闭日志</translation>
    </message>
    <message>
        <source>Export the states…</source>
        <translation>导出状态…</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation>转到…</translation>
    </message>
    <message>
        <source>Filter the events by a text</source>
        <translation>按文本筛选事件</translation>
    </message>
    <message>
        <source>Find an aggregate</source>
        <translation>查找聚合</translation>
    </message>
    <message>
        <source>Compare the marks A and B</source>
        <translation>比较标记 A 和 B</translation>
    </message>
    <message>
        <source>Find or run a command</source>
        <translation>查找或运行命令</translation>
    </message>
    <message>
        <source>About Leftfold</source>
        <translation>关于 Leftfold</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Show the timeline</source>
        <translation>显示时间线</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>Show the aggregate</source>
        <translation>显示聚合</translation>
    </message>
    <message>
        <source>Show the event</source>
        <translation>显示事件</translation>
    </message>
    <message>
        <source>Show all aggregates</source>
        <translation>显示全部聚合</translation>
    </message>
    <message>
        <source>Show the diff</source>
        <translation>显示差异</translation>
    </message>
    <message>
        <source>Show the projections</source>
        <translation>显示投影</translation>
    </message>
    <message>
        <source>Show the problems</source>
        <translation>显示问题</translation>
    </message>
    <message>
        <source>Show the events</source>
        <translation>显示事件列表</translation>
    </message>
    <message>
        <source>Zoom the timeline in</source>
        <translation>放大时间线</translation>
    </message>
    <message>
        <source>Zoom the timeline out</source>
        <translation>缩小时间线</translation>
    </message>
    <message>
        <source>Show the whole timeline</source>
        <translation>显示整条时间线</translation>
    </message>
    <message>
        <source>Times in UTC</source>
        <translation>使用 UTC 时间</translation>
    </message>
    <message>
        <source>Times of this computer's zone</source>
        <translation>使用此计算机的时区</translation>
    </message>
    <message>
        <source>Colours of the system</source>
        <translation>跟随系统颜色</translation>
    </message>
    <message>
        <source>Light colours</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark colours</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Arrange the panels as at first</source>
        <translation>恢复面板的初始布局</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>%1 – Leftfold</source>
        <translation>%1 – Leftfold</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>%1 of %2 events</source>
        <translation>%1 / %2 个事件</translation>
    </message>
    <message>
        <source>Aggregates %1</source>
        <translation>聚合列表 %1</translation>
    </message>
    <message>
        <source>Problems %1</source>
        <translation>问题 %1</translation>
    </message>
    <message>
        <source>&lt;b&gt;Leftfold %1&lt;/b&gt;&lt;p&gt;Event-log explorer and replay debugger.&lt;p&gt;Free software under the GNU General Public License, version 3 or later.</source>
        <translation>&lt;b&gt;Leftfold %1&lt;/b&gt;&lt;p&gt;事件日志浏览器与重放调试器。&lt;p&gt;自由软件，采用 GNU 通用公共许可证第 3 版或更高版本。</translation>
    </message>
    <message>
        <source>Language of the system (from the next start)</source>
        <translation>跟随系统语言（下次启动生效）</translation>
    </message>
    <message>
        <source>English (from the next start)</source>
        <translation>English（下次启动生效）</translation>
    </message>
    <message>
        <source>Simplified Chinese (from the next start)</source>
        <translation>简体中文（下次启动生效）</translation>
    </message>
    <message>
        <source>Views and lag</source>
        <translation>视图与滞后</translation>
    </message>
    <message>
        <source>Connect to Kafka…</source>
        <translation>连接到 Kafka…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Live: the playhead stays at the end while events come (Ctrl+L)</source>
        <translation>实时：有新事件时播放头停留在末尾 (Ctrl+L)</translation>
    </message>
    <message>
        <source>Show the views and their lag</source>
        <translation>显示视图及其滞后</translation>
    </message>
    <message>
        <source>Stand where the chosen view stands</source>
        <translation>站到所选视图的位置</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connect to Kafka</source>
        <translation>连接到 Kafka</translation>
    </message>
    <message>
        <source>Decode payloads in another way…</source>
        <translation>换一种方式解码负载…</translation>
    </message>
    <message>
        <source>Schemas of this log…</source>
        <translation>此日志的模式…</translation>
    </message>
    <message>
        <source>Script</source>
        <translation>脚本</translation>
    </message>
    <message>
        <source>Breakpoints</source>
        <translation>断点</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>绘图</translation>
    </message>
    <message>
        <source>Add a breakpoint</source>
        <translation>添加断点</translation>
    </message>
    <message>
        <source>Break on the type of this event</source>
        <translation>在此事件的类型上中断</translation>
    </message>
    <message>
        <source>Remove all breakpoints</source>
        <translation>移除全部断点</translation>
    </message>
    <message>
        <source>New projection in JavaScript</source>
        <translation>新建 JavaScript 投影</translation>
    </message>
    <message>
        <source>Open a projection in JavaScript…</source>
        <translation>打开 JavaScript 投影…</translation>
    </message>
    <message>
        <source>Save the script and run it</source>
        <translation>保存并运行脚本</translation>
    </message>
    <message>
        <source>Compare the script with its version before</source>
        <translation>将脚本与其上一版本比较</translation>
    </message>
    <message>
        <source>Plot a function over time</source>
        <translation>按时间绘制函数</translation>
    </message>
    <message>
        <source>Show the breakpoints</source>
        <translation>显示断点</translation>
    </message>
    <message>
        <source>Show the script</source>
        <translation>显示脚本</translation>
    </message>
    <message>
        <source>Show the plot</source>
        <translation>显示绘图</translation>
    </message>
    <message>
        <source>Save the workspace</source>
        <translation>保存工作区</translation>
    </message>
    <message>
        <source>Save the workspace as…</source>
        <translation>工作区另存为…</translation>
    </message>
    <message>
        <source>Masking…</source>
        <translation>遮蔽…</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::MasksDialog</name>
    <message>
        <source>Masking</source>
        <translation>遮蔽</translation>
    </message>
    <message>
        <source>What fits a rule is masked in everything that is shown, copied and exported, also in logs that are opened later. Captures, states, filters and hashes work on what the log holds.</source>
        <translation>符合规则的内容在所有显示、复制和导出中都会被遮蔽，以后打开的日志也一样。捕获、状态、筛选和哈希仍使用日志中的原始内容。</translation>
    </message>
    <message>
        <source>Rules, one a line</source>
        <translation>规则，每行一条</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>遮蔽</translation>
    </message>
    <message>
        <source>Load a file…</source>
        <translation>载入文件…</translation>
    </message>
    <message>
        <source>Mask nothing</source>
        <translation>不遮蔽</translation>
    </message>
    <message>
        <source>Rules for masking</source>
        <translation>遮蔽规则</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::OverviewStrip</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>The whole log; drag to move what is seen above</source>
        <translation>整个日志；拖动以移动上方可见的部分</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::PlotPanel</name>
    <message>
        <source>Type a function of state and event above: what it gives is drawn along the time. The menu of a field of the aggregate plots that field.</source>
        <translation>在上方输入状态与事件的函数，其值将沿时间绘出。也可从聚合字段的菜单中绘制该字段。</translation>
    </message>
    <message>
        <source>Finding the aggregates of the log…</source>
        <translation>正在查找日志中的聚合…</translation>
    </message>
    <message>
        <source>Choose an aggregate first</source>
        <translation>请先选择一个聚合</translation>
    </message>
    <message>
        <source>Drawing: %1</source>
        <translation>正在绘制：%1</translation>
    </message>
    <message>
        <source>No event of this log belongs to %1</source>
        <translation>此日志中没有属于 %1 的事件</translation>
    </message>
    <message>
        <source>all aggregates</source>
        <translation>全部聚合</translation>
    </message>
    <message>
        <source> · it gives no number at any event</source>
        <translation> · 在任何事件上都没有给出数值</translation>
    </message>
    <message>
        <source> · %1 points</source>
        <translation> · %1 个点</translation>
    </message>
    <message>
        <source> · %1 stretches of %2</source>
        <translation> · %1 段，每段 %2</translation>
    </message>
    <message>
        <source> · from %1 to %2</source>
        <translation> · 从 %1 到 %2</translation>
    </message>
    <message>
        <source> · ⚠ %1 aggregates have events that cannot be read</source>
        <translation> · ⚠ %1 个聚合含有无法读取的事件</translation>
    </message>
    <message>
        <source>Plot along the time</source>
        <translation>沿时间的绘图</translation>
    </message>
    <message>
        <source>Function to be drawn</source>
        <translation>要绘制的函数</translation>
    </message>
    <message>
        <source>(state, event) =&gt; a number, as state =&gt; state.count</source>
        <translation>(state, event) =&gt; 数值，例如 state =&gt; state.count</translation>
    </message>
    <message>
        <source>Of what it is drawn</source>
        <translation>绘制的对象</translation>
    </message>
    <message>
        <source>of the aggregate</source>
        <translation>当前聚合</translation>
    </message>
    <message>
        <source>over all, by time</source>
        <translation>全部，按时间</translation>
    </message>
    <message>
        <source>Which number of each stretch of time</source>
        <translation>每段时间取哪个数值</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>smallest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>points</source>
        <translation>点数</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>绘制</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::PreviewModel</name>
    <message>
        <source>no key</source>
        <translation>无键</translation>
    </message>
    <message>
        <source>tombstone</source>
        <translation>墓碑</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>time (UTC)</source>
        <translation>时间 (UTC)</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ProblemsModel</name>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>how bad</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>what was found</source>
        <translation>发现的问题</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>notice</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ProblemsPanel</name>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Looking through the log…</source>
        <translation>正在检查日志…</translation>
    </message>
    <message>
        <source>Nothing amiss was found in this log.</source>
        <translation>此日志中没有发现问题。</translation>
    </message>
    <message>
        <source>%1 problems · %2</source>
        <translation>%1 个问题 · %2</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ProfileForm</name>
    <message>
        <source>Brokers</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>host:port, with commas between several</source>
        <translation>主机:端口，多个之间用逗号</translation>
    </message>
    <message>
        <source>To keep it as a profile: production</source>
        <translation>保存为配置时的名字：production</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>None (PLAINTEXT)</source>
        <translation>无 (PLAINTEXT)</translation>
    </message>
    <message>
        <source>Encrypted (SSL)</source>
        <translation>加密 (SSL)</translation>
    </message>
    <message>
        <source>Sign in, not encrypted (SASL_PLAINTEXT)</source>
        <translation>登录，不加密 (SASL_PLAINTEXT)</translation>
    </message>
    <message>
        <source>Sign in, encrypted (SASL_SSL)</source>
        <translation>登录并加密 (SASL_SSL)</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Mechanism</source>
        <translation>机制</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Token address</source>
        <translation>令牌地址</translation>
    </message>
    <message>
        <source>Client id</source>
        <translation>客户端 ID</translation>
    </message>
    <message>
        <source>Client secret</source>
        <translation>客户端密钥</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>A PEM file; empty: those of this computer</source>
        <translation>PEM 文件；留空：使用本机的</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Of this client, a PEM file, where one is asked for</source>
        <translation>此客户端的 PEM 文件，如有要求</translation>
    </message>
    <message>
        <source>Private key</source>
        <translation>私钥</translation>
    </message>
    <message>
        <source>A PEM file</source>
        <translation>PEM 文件</translation>
    </message>
    <message>
        <source>Key password</source>
        <translation>私钥密码</translation>
    </message>
    <message>
        <source>In the keyring of the desktop</source>
        <translation>在桌面的密钥环中</translation>
    </message>
    <message>
        <source>In environment variables</source>
        <translation>在环境变量中</translation>
    </message>
    <message>
        <source>Keep secrets</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <source>Further properties of librdkafka, NAME=VALUE, one a line</source>
        <translation>librdkafka 的其他属性，每行一个 NAME=VALUE</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Empty: as it is kept</source>
        <translation>留空：保持已存的</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a file: %1</source>
        <translation>选择文件：%1</translation>
    </message>
    <message>
        <source>PEM files</source>
        <translation>PEM 文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Schema registry</source>
        <translation>模式注册中心</translation>
    </message>
    <message>
        <source>https://host:8081, where payloads need schemas</source>
        <translation>https://host:8081，负载需要模式时</translation>
    </message>
    <message>
        <source>Registry user</source>
        <translation>注册中心用户</translation>
    </message>
    <message>
        <source>Registry password</source>
        <translation>注册中心密码</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ProjectionPanel</name>
    <message>
        <source>Counts events and types, and sums up every number exactly</source>
        <translation>统计事件和类型，并精确求和每个数值</translation>
    </message>
    <message>
        <source>The last event is the state</source>
        <translation>最后一个事件即为状态</translation>
    </message>
    <message>
        <source>Events are JSON merge patches (RFC 7396)</source>
        <translation>事件是 JSON merge patch (RFC 7396)</translation>
    </message>
    <message>
        <source>Events are JSON patches (RFC 6902)</source>
        <translation>事件是 JSON patch (RFC 6902)</translation>
    </message>
    <message>
        <source>Events are changes of rows of a database</source>
        <translation>事件是数据库行的变更</translation>
    </message>
    <message>
        <source>debezium for rows of databases, else tally</source>
        <translation>数据库行用 debezium，否则用 tally</translation>
    </message>
    <message>
        <source>Projections</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Projection</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Aggregates</source>
        <translation>聚合列表</translation>
    </message>
    <message>
        <source>A JSON pointer (/order), key, header:NAME or debezium</source>
        <translation>JSON 指针 (/order)、key、header:名称 或 debezium</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>All types; or some, with commas between</source>
        <translation>所有类型；或若干类型，以逗号分隔</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Aggregates by</source>
        <translation>聚合依据</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Only types</source>
        <translation>仅限类型</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>indexing %1%</source>
        <translation>正在索引 %1%</translation>
    </message>
    <message>
        <source>A projection in JavaScript: %1</source>
        <translation>JavaScript 投影：%1</translation>
    </message>
    <message>
        <source>Script…</source>
        <translation>脚本…</translation>
    </message>
    <message>
        <source>A projection in JavaScript: open one, or write it</source>
        <translation>JavaScript 投影：打开或编写</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::RecentLogs</name>
    <message>
        <source>Logs</source>
        <translation>日志文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Open a log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Open a folder of logs</source>
        <translation>打开日志文件夹</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::SchemasDialog</name>
    <message>
        <source>Descriptors, without their text.</source>
        <translation>描述符，没有文本。</translation>
    </message>
    <message>
        <source>Schemas of this log</source>
        <translation>此日志的模式</translation>
    </message>
    <message>
        <source>Schemas</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>What the schema says</source>
        <translation>模式内容</translation>
    </message>
    <message>
        <source>%1: missing</source>
        <translation>%1：缺失</translation>
    </message>
    <message>
        <source>There are no schemas in this log.</source>
        <translation>此日志中没有模式。</translation>
    </message>
    <message>
        <source>There is no version before it in this log.</source>
        <translation>此日志中没有更早的版本。</translation>
    </message>
    <message>
        <source>What changed since %1</source>
        <translation>自 %1 以来的变更</translation>
    </message>
    <message>
        <source>Nothing that decides how payloads are read.</source>
        <translation>没有影响负载读取方式的变更。</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ScriptEditor</name>
    <message>
        <source>Script of a projection</source>
        <translation>投影脚本</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ScriptPanel</name>
    <message>
        <source>What the script logs, and where it fails, is listed here.</source>
        <translation>脚本的日志与出错之处列在这里。</translation>
    </message>
    <message>
        <source>The state of an aggregate before its first event.</source>
        <translation>聚合在第一个事件之前的状态。</translation>
    </message>
    <message>
        <source>The state after an event: e.eventType, e.body, e.metadata; log(...) tells something.</source>
        <translation>事件之后的状态：e.eventType、e.body、e.metadata；log(...) 可输出信息。</translation>
    </message>
    <message>
        <source>Scripts (*.js *.mjs)</source>
        <translation>脚本 (*.js *.mjs)</translation>
    </message>
    <message>
        <source>What came of the last run of the script</source>
        <translation>脚本上次运行的结果</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Save and run</source>
        <translation>保存并运行</translation>
    </message>
    <message>
        <source>Save and run (Ctrl+S)</source>
        <translation>保存并运行 (Ctrl+S)</translation>
    </message>
    <message>
        <source>Compare with the version before</source>
        <translation>与上一版本比较</translation>
    </message>
    <message>
        <source>The first event behind which this version and the one before it make something else</source>
        <translation>此版本与上一版本结果开始不同的第一个事件</translation>
    </message>
    <message>
        <source>State that the script makes</source>
        <translation>脚本得到的状态</translation>
    </message>
    <message>
        <source>Errors and logs of the script</source>
        <translation>脚本的错误与日志</translation>
    </message>
    <message>
        <source>event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>what the script said</source>
        <translation>脚本的输出</translation>
    </message>
    <message>
        <source>New script, not saved yet</source>
        <translation>新脚本，尚未保存</translation>
    </message>
    <message>
        <source>%1 · changed</source>
        <translation>%1 · 已修改</translation>
    </message>
    <message>
        <source>Unsaved script</source>
        <translation>未保存的脚本</translation>
    </message>
    <message>
        <source>The script has changes that are not saved.</source>
        <translation>脚本有尚未保存的修改。</translation>
    </message>
    <message>
        <source>Open a projection in JavaScript</source>
        <translation>打开 JavaScript 投影</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Save the projection</source>
        <translation>保存投影</translation>
    </message>
    <message>
        <source>no aggregate chosen</source>
        <translation>未选择聚合</translation>
    </message>
    <message>
        <source>It does not exist at the playhead</source>
        <translation>它在播放头处不存在</translation>
    </message>
    <message>
        <source>Choose an aggregate: by its id, or from an event</source>
        <translation>选择一个聚合：按标识，或从事件中</translation>
    </message>
    <message>
        <source>Finding the aggregates of the log…</source>
        <translation>正在查找日志中的聚合…</translation>
    </message>
    <message>
        <source>Saving runs it as the projection</source>
        <translation>保存后即作为投影运行</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Comparing: %1</source>
        <translation>正在比较：%1</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>正在运行：%1</translation>
    </message>
    <message>
        <source>no error in the first %1 events</source>
        <translation>前 %1 个事件中没有错误</translation>
    </message>
    <message>
        <source>no error in %1 events</source>
        <translation>%1 个事件中没有错误</translation>
    </message>
    <message>
        <source> · %1 aggregates</source>
        <translation> · %1 个聚合</translation>
    </message>
    <message>
        <source> · %1 emitted</source>
        <translation> · 发出 %1 个</translation>
    </message>
    <message>
        <source>%1 (at %2)</source>
        <translation>%1（位于 %2）</translation>
    </message>
    <message>
        <source>%1 in all, %2</source>
        <translation>共 %1 个，%2</translation>
    </message>
    <message>
        <source>The versions do not part: %1 aggregates compared</source>
        <translation>两个版本没有分歧：已比较 %1 个聚合</translation>
    </message>
    <message>
        <source>The versions part here first, over %1: %2 of %3 aggregates part</source>
        <translation>两个版本首先在此处于 %1 上分歧：%3 个聚合中有 %2 个分歧</translation>
    </message>
    <message>
        <source>does not exist</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>before: %1</source>
        <translation>之前：%1</translation>
    </message>
    <message>
        <source>now: %1</source>
        <translation>现在：%1</translation>
    </message>
    <message>
        <source>⚠ %1 aggregates have events that cannot be read</source>
        <translation>⚠ %1 个聚合含有无法读取的事件</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::StartPage</name>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 及另外 %2 项</translation>
    </message>
    <message>
        <source>Open a log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Six weeks of a small tea shop, with five faults in it</source>
        <translation>一家小茶店六周的数据，其中有五处错误</translation>
    </message>
    <message>
        <source>Or drop a file here.</source>
        <translation>或将文件拖放到此处。</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Recent logs</source>
        <translation>最近的日志</translation>
    </message>
    <message>
        <source>How far the log is read</source>
        <translation>日志读取进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Why the log could not be opened</source>
        <translation>日志无法打开的原因</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Capture anew</source>
        <translation>重新捕获</translation>
    </message>
    <message>
        <source>Forgets what was captured of this log, and reads it from its beginning</source>
        <translation>丢弃此日志已捕获的内容，并从头读取</translation>
    </message>
    <message>
        <source>Choose another log</source>
        <translation>选择其他日志</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>正在读取 %1</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source> · %1 of %2</source>
        <translation> · %1 / %2</translation>
    </message>
    <message>
        <source> · %1/s</source>
        <translation> · %1/秒</translation>
    </message>
    <message>
        <source>Looking at the log…</source>
        <translation>正在查看日志…</translation>
    </message>
    <message>
        <source>%1 could not be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>JSON lines, CSV, kcat or console-consumer output, plain or compressed; a folder of them; topics of Kafka; or a capture. Nothing is ever written to a log.</source>
        <translation>JSON 行、CSV、kcat 或 console-consumer 的输出，可压缩；它们的文件夹；Kafka 主题；或捕获。绝不会写入日志。</translation>
    </message>
    <message>
        <source>Connect to Kafka…</source>
        <translation>连接到 Kafka…</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::StatusLine</name>
    <message>
        <source>exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>indexing aggregates</source>
        <translation>正在索引聚合</translation>
    </message>
    <message>
        <source>searching events</source>
        <translation>正在搜索事件</translation>
    </message>
    <message>
        <source>comparing A and B</source>
        <translation>正在比较 A 和 B</translation>
    </message>
    <message>
        <source>folding all aggregates</source>
        <translation>正在折叠全部聚合</translation>
    </message>
    <message>
        <source>looking for problems</source>
        <translation>正在查找问题</translation>
    </message>
    <message>
        <source>stepping</source>
        <translation>正在单步</translation>
    </message>
    <message>
        <source>folding the aggregate</source>
        <translation>正在折叠聚合</translation>
    </message>
    <message>
        <source>comparing the aggregate</source>
        <translation>正在比较聚合</translation>
    </message>
    <message>
        <source>measuring the timeline</source>
        <translation>正在计算时间线</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Leftfold never writes to a log</source>
        <translation>Leftfold 绝不写入日志</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Last message</source>
        <translation>最近的消息</translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation>占用内存</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>capturing</source>
        <translation>正在捕获</translation>
    </message>
    <message>
        <source>not complete: opening it again goes on</source>
        <translation>不完整：再次打开会继续</translation>
    </message>
    <message>
        <source>not followed any more</source>
        <translation>不再跟随</translation>
    </message>
    <message>
        <source>the broker is away: trying again</source>
        <translation>代理不可用：正在重试</translation>
    </message>
    <message>
        <source>capturing: waiting for the broker</source>
        <translation>正在捕获：等待代理响应</translation>
    </message>
    <message>
        <source>running to a breakpoint</source>
        <translation>正在运行到断点</translation>
    </message>
    <message>
        <source>comparing versions of the script</source>
        <translation>正在比较脚本的版本</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>正在绘制</translation>
    </message>
    <message>
        <source>running the script</source>
        <translation>正在运行脚本</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>已遮蔽</translation>
    </message>
    <message>
        <source>What fits the rules for masking is not shown</source>
        <translation>符合遮蔽规则的内容不显示</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::Texts</name>
    <message>
        <source>before the first event</source>
        <translation>第一个事件之前</translation>
    </message>
    <message>
        <source>(no type)</source>
        <translation>（无类型）</translation>
    </message>
    <message>
        <source>any event</source>
        <translation>任意事件</translation>
    </message>
    <message>
        <source>this aggregate</source>
        <translation>此聚合</translation>
    </message>
    <message>
        <source>this type</source>
        <translation>此类型</translation>
    </message>
    <message>
        <source>this transaction</source>
        <translation>此事务</translation>
    </message>
    <message>
        <source>watched field</source>
        <translation>所观察的字段</translation>
    </message>
    <message>
        <source>Choose an aggregate first: by its id in the panel Aggregate</source>
        <translation>请先选择聚合：在“聚合”面板中按 ID 选择</translation>
    </message>
    <message>
        <source>There is no event here whose type could be stepped along</source>
        <translation>此处没有可沿其类型单步的事件</translation>
    </message>
    <message>
        <source>Watch a field first: in the menu of a field in the panel Aggregate</source>
        <translation>请先观察一个字段：在“聚合”面板中使用字段的菜单</translation>
    </message>
    <message>
        <source>There is no such event further on</source>
        <translation>后面没有这样的事件</translation>
    </message>
    <message>
        <source>There is no such event before</source>
        <translation>前面没有这样的事件</translation>
    </message>
    <message>
        <source>%1 events that cannot be read were passed over: any of them may have been of this type</source>
        <translation>略过了 %1 个无法读取的事件：其中可能有此类型的事件</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <translation>%1，按 %2</translation>
    </message>
    <message>
        <source>, %1 types</source>
        <translation>，%1 种类型</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source> · %1/s</source>
        <translation> · %1/秒</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · 剩余 %1</translation>
    </message>
    <message>
        <source>Stopped at #%1: %2</source>
        <translation>停在 #%1：%2</translation>
    </message>
    <message>
        <source>No breakpoint holds further on</source>
        <translation>后面没有断点成立</translation>
    </message>
    <message>
        <source>No breakpoint holds before</source>
        <translation>前面没有断点成立</translation>
    </message>
    <message>
        <source>A breakpoint asks for aggregates, and those of the log are not found yet</source>
        <translation>有断点需要聚合，而日志的聚合尚未找到</translation>
    </message>
    <message>
        <source>There is no bookmark further on</source>
        <translation>后面没有书签了</translation>
    </message>
    <message>
        <source>There is no bookmark before</source>
        <translation>前面没有书签了</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TimeText</name>
    <message>
        <source>%1 y</source>
        <translation>%1 年</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
    <message>
        <source>%1 ns</source>
        <translation>%1 纳秒</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TimelineLink</name>
    <message>
        <source>%1: nothing before @%2</source>
        <translation>%1：@%2 之前没有内容</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TimelineText</name>
    <message>
        <source>yyyy</source>
        <comment>format of a year on the time axis</comment>
        <translation>yyyy年</translation>
    </message>
    <message>
        <source>MMM yyyy</source>
        <comment>format of a month on the time axis</comment>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>MMM d</source>
        <comment>format of a day on the time axis</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>%1/µs</source>
        <translation>%1/微秒</translation>
    </message>
    <message>
        <source>%1/ms</source>
        <translation>%1/毫秒</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>%1/min</source>
        <translation>%1/分</translation>
    </message>
    <message>
        <source>%1/h</source>
        <translation>%1/小时</translation>
    </message>
    <message>
        <source>%1/d</source>
        <translation>%1/天</translation>
    </message>
    <message>
        <source>other types</source>
        <translation>其他类型</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TimelineWidget</name>
    <message>
        <source>no events with a time</source>
        <translation>没有带时间的事件</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>local</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>This computer's time zone</source>
        <translation>此计算机的时区</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TopicsModel</name>
    <message>
        <source>Being looked at</source>
        <translation>正在查看</translation>
    </message>
    <message>
        <source>Estimated from its last records, before compression</source>
        <translation>按最近的记录估计，压缩前</translation>
    </message>
    <message>
        <source>Offsets written within the last hour</source>
        <translation>最近一小时写入的偏移量</translation>
    </message>
    <message>
        <source>%1: @%2 to @%3</source>
        <translation>%1：@%2 至 @%3</translation>
    </message>
    <message>
        <source>, a transaction is open at @%1</source>
        <translation>，在 @%1 有未结束的事务</translation>
    </message>
    <message>
        <source>topic</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>partitions</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>offsets</source>
        <translation>偏移量</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>per hour</source>
        <translation>每小时</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>cleanup</source>
        <translation>清理</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TransactionLane</name>
    <message>
        <source>open</source>
        <translation>未结束</translation>
    </message>
    <message>
        <source>committed</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>producer %1, epoch %2</source>
        <translation>生产者 %1，纪元 %2</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>事务</translation>
    </message>
    <message>
        <source>%1 open, %2 committed, %3 aborted</source>
        <translation>%1 个未结束，%2 个已提交，%3 个已中止</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 个</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::TransportBar</name>
    <message>
        <source>Transport</source>
        <translation>传输控制</translation>
    </message>
    <message>
        <source>What a step stops at</source>
        <translation>单步停在何处</translation>
    </message>
    <message>
        <source>step: %1</source>
        <translation>单步：%1</translation>
    </message>
    <message>
        <source>Position of the playhead</source>
        <translation>播放头的位置</translation>
    </message>
    <message>
        <source>Where the playhead is. Type a time, #index, topic[partition]@offset, a cut, @start or @end</source>
        <translation>播放头所在之处。可输入时间、#序号、topic[分区]@偏移量、切面、@start 或 @end</translation>
    </message>
    <message>
        <source>Steps a second when playing</source>
        <translation>播放时每秒步数</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>Find or run a command</source>
        <translation>查找或运行命令</translation>
    </message>
    <message>
        <source>Set here</source>
        <translation>在此设置</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到该处</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Mark %1</source>
        <translation>标记 %1</translation>
    </message>
    <message>
        <source>Mark %1 is at %2</source>
        <translation>标记 %1 位于 %2</translation>
    </message>
    <message>
        <source>Set mark %1 where the playhead is</source>
        <translation>在播放头处设置标记 %1</translation>
    </message>
    <message>
        <source>Find or run  Ctrl+P</source>
        <translation>查找或运行  Ctrl+P</translation>
    </message>
    <message>
        <source>Live: stay at the end</source>
        <translation>实时：停留在末尾</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ViewsLink</name>
    <message>
        <source>%1: %2, %3 behind</source>
        <translation>%1：%2，落后 %3</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ViewsModel</name>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>%1 of %2 partitions</source>
        <translation>%1/%2 个分区</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>view</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>committed</source>
        <translation>已提交</translation>
    </message>
    <message>
        <source>end</source>
        <translation>末尾</translation>
    </message>
    <message>
        <source>lag</source>
        <translation>滞后</translation>
    </message>
    <message>
        <source>unread for</source>
        <translation>未读时长</translation>
    </message>
    <message>
        <source>behind by</source>
        <translation>落后时长</translation>
    </message>
    <message>
        <source>retention used</source>
        <translation>保留占用</translation>
    </message>
    <message>
        <source>catches up</source>
        <translation>追上</translation>
    </message>
    <message>
        <source>read by</source>
        <translation>读取者</translation>
    </message>
    <message>
        <source>A consumer group, and the partitions it reads</source>
        <translation>消费者组，以及它读取的分区</translation>
    </message>
    <message>
        <source>By the rule named below; the worst partition counts</source>
        <translation>按所示规则；以最差的分区为准</translation>
    </message>
    <message>
        <source>The offset it goes on with</source>
        <translation>它接下来读取的偏移量</translation>
    </message>
    <message>
        <source>The end of the partition</source>
        <translation>分区的末尾</translation>
    </message>
    <message>
        <source>Offsets that it has not read</source>
        <translation>它尚未读取的偏移量</translation>
    </message>
    <message>
        <source>Age of the next event that it has not read</source>
        <translation>下一个未读事件的时长</translation>
    </message>
    <message>
        <source>Time between the last event and the next unread one</source>
        <translation>最后事件与下一个未读事件之间的时间</translation>
    </message>
    <message>
        <source>How much of what is kept it has not read: at 100 % it begins to lose events</source>
        <translation>保留内容中它尚未读取的比例：到 100 % 就开始丢失事件</translation>
    </message>
    <message>
        <source>By how fast it reads and how fast is written, over the last samples</source>
        <translation>按最近样本中的读取和写入速度</translation>
    </message>
    <message>
        <source>The consumer that has this partition</source>
        <translation>拥有此分区的消费者</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::ViewsPanel</name>
    <message>
        <source>Views and their partitions</source>
        <translation>视图及其分区</translation>
    </message>
    <message>
        <source>The rule of its status</source>
        <translation>其状态的规则</translation>
    </message>
    <message>
        <source>An added view is looked at twice a minute: its lag is kept, and drawn above the overview</source>
        <translation>已添加的视图每分钟查看两次：保存其滞后，并画在概览之上</translation>
    </message>
    <message>
        <source>Stand where it stands</source>
        <translation>站到它的位置</translation>
    </message>
    <message>
        <source>Puts the playhead where this view has committed: the states are those it has seen</source>
        <translation>把播放头放到此视图已提交的位置：状态就是它所见的</translation>
    </message>
    <message>
        <source>Look now</source>
        <translation>立即查看</translation>
    </message>
    <message>
        <source>Views are consumer groups of a Kafka cluster. Open a log from Kafka to see how far each is behind.</source>
        <translation>视图是 Kafka 集群的消费者组。打开 Kafka 日志即可看到每个落后多少。</translation>
    </message>
    <message>
        <source>Looking at the consumer groups…</source>
        <translation>正在查看消费者组…</translation>
    </message>
    <message>
        <source>There are no views: no consumer group has committed anything to this cluster.</source>
        <translation>没有视图：没有消费者组向此集群提交过。</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Add to the timeline</source>
        <translation>添加到时间线</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source> (%1)</source>
        <translation> (%1)</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::WindowActions</name>
    <message>
        <source>Go to the start</source>
        <translation>转到开头</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>转到结尾</translation>
    </message>
    <message>
        <source>Back to the place before</source>
        <translation>返回上一处</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>再次前进</translation>
    </message>
    <message>
        <source>List all events</source>
        <translation>列出全部事件</translation>
    </message>
    <message>
        <source>Watch no field any more</source>
        <translation>不再观察字段</translation>
    </message>
    <message>
        <source>Cancel what is going on</source>
        <translation>取消正在进行的操作</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>Step within the aggregate</source>
        <translation>在聚合内单步</translation>
    </message>
    <message>
        <source>Step back within the aggregate</source>
        <translation>在聚合内后退一步</translation>
    </message>
    <message>
        <source>Steps stop at: %1</source>
        <translation>单步停在：%1</translation>
    </message>
    <message>
        <source>Set mark %1 here</source>
        <translation>在此设置标记 %1</translation>
    </message>
    <message>
        <source>Go to mark %1</source>
        <translation>转到标记 %1</translation>
    </message>
    <message>
        <source>Clear mark %1</source>
        <translation>清除标记 %1</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>转到</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Continue: to the next breakpoint, or listed event</source>
        <translation>继续：到下一个断点或列出的事件</translation>
    </message>
    <message>
        <source>Reverse-continue: to the breakpoint, or listed event, before</source>
        <translation>反向继续：到前一个断点或列出的事件</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>调试</translation>
    </message>
    <message>
        <source>Set a bookmark here…</source>
        <translation>在此处设置书签…</translation>
    </message>
    <message>
        <source>Go to the next bookmark</source>
        <translation>转到下一个书签</translation>
    </message>
    <message>
        <source>Go to the bookmark before</source>
        <translation>转到上一个书签</translation>
    </message>
    <message>
        <source>Remove the bookmark here</source>
        <translation>删除此处的书签</translation>
    </message>
    <message>
        <source>start</source>
        <translation>开头</translation>
    </message>
    <message>
        <source>Set a bookmark</source>
        <translation>设置书签</translation>
    </message>
    <message>
        <source>Name of this place:</source>
        <translation>此位置的名称：</translation>
    </message>
    <message>
        <source>None yet: Ctrl+B sets one</source>
        <translation>还没有书签：按 Ctrl+B 设置</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>书签</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::WindowTable</name>
    <message>
        <source>Scroll</source>
        <translation>滚动</translation>
    </message>
</context>
<context>
    <name>leftfold::ui::WorkspaceFiles</name>
    <message>
        <source>Workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>%1 names what does not lie in its folder. Open these, too?</source>
        <translation>%1 引用了不在其文件夹中的内容。也打开这些吗？</translation>
    </message>
    <message>
        <source>Save the workspace</source>
        <translation>保存工作区</translation>
    </message>
    <message>
        <source>Workspaces (%1)</source>
        <translation>工作区 (%1)</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>Saved as %1, without the files of schemas: the capture has them</source>
        <translation>已保存为 %1，不含模式文件：捕获中已有</translation>
    </message>
    <message>
        <source>The log is still being read. The workspace can be saved when it is all there.</source>
        <translation>日志仍在读取。全部读完后即可保存工作区。</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Explore an event log and replay it to any point in time.</source>
        <translation>浏览事件日志，并将其重放到任意时刻。</translation>
    </message>
    <message>
        <source>a log, a folder of logs, a capture or kafka://BROKERS/TOPIC; several files are one log</source>
        <translation>日志、日志文件夹、捕获或 kafka://代理/主题；多个文件合为一个日志</translation>
    </message>
</context>
</TS>
