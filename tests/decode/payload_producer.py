#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""payload_producer.py SEED AVRO PROTOBUF MESSAGEPACK CBOR: so many random payloads of each format, written by the formats' own Python
libraries, with the producer's account of each, on standard output. A line is one of (tabs between)
  schema  avro|protobuf|messagepack|cbor  MESSAGE  TEXT  [NAME TEXT ...]   texts in base64, those behind as references
  value   PAYLOAD-IN-BASE64  JSON
  change  KIND PATH     what is new in the next schema; behind it: "changed" and that schema's TEXT
The account follows the rules of core/decode/README.md, from the values that were handed to the library, not from the bytes."""
import base64
import copy
import datetime
import decimal
import io
import json
import math
import random
import struct
import subprocess
import sys
import tempfile
import uuid
import warnings

import avro.io
import avro.schema
import cbor2
import msgpack
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

warnings.simplefilter("ignore")  # of logical types that the library does not know
rng = random.Random(int(sys.argv[1]))
decimal.getcontext().prec = 80
UTC = datetime.timezone.utc

# Asked whether a value of another branch of a union is a uuid, the library fails where it should say no.
uuid_or_error = avro.schema.UUIDSchema.validate
avro.schema.UUIDSchema.validate = lambda self, datum: uuid_or_error(self, datum) if isinstance(datum, str) else None
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def put(*fields):
    sys.stdout.write("\t".join(fields) + "\n")


# Values and how they are shown.

def text_of(value):
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


def bytes_text(data):
    return json.dumps("base64:" + b64(data))


def double_text(value):
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    return repr(value)


def float_text(value):
    """The shortest digits that are the same single."""
    if math.isnan(value) or math.isinf(value):
        return double_text(value)
    for digits in range(1, 10):
        text = "%.*g" % (digits, value)
        try:
            if struct.pack("<f", float(text)) == struct.pack("<f", value):
                return text
        except OverflowError:
            pass
    return repr(value)


def fraction(nanos):
    if nanos == 0:
        return ""
    digits = "%09d" % nanos
    while digits.endswith("000"):
        digits = digits[:-3]
    return "." + digits


def iso(seconds, nanos):
    """Years 1 to 9999."""
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y").zfill(4) + \
        (EPOCH + datetime.timedelta(seconds=seconds)).strftime("-%m-%dT%H:%M:%S") + fraction(nanos)


def random_text():
    letters = "abcXYZ 0189_\"\\/\n\t\x00\x7fäß€中\U0001f600"
    return "".join(rng.choice(letters) for _ in range(rng.choice([0, 1, 3, 8, 30])))


def random_bytes():
    return bytes(rng.randrange(256) for _ in range(rng.choice([0, 1, 2, 3, 16, 40])))


def random_int(low, high):
    bits = rng.randrange(1, high.bit_length() + 1)
    edges = [low, high, 0, 1, 2**53 + 1, 2**31]
    value = rng.choice(edges) if rng.random() < 0.1 else rng.getrandbits(bits) * rng.choice([1, -1])
    return min(max(value, low), high)


def random_double():
    return rng.choice([0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, math.nan, math.inf, -math.inf]) if rng.random() < 0.2 else \
        rng.choice([rng.uniform(-1e6, 1e6), struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]])


def random_float():
    return struct.unpack("<f", struct.pack("<I", rng.getrandbits(32)))[0] if rng.random() < 0.7 else \
        rng.choice([0.0, 1.0, struct.unpack("<f", struct.pack("<f", 0.1))[0], math.inf, math.nan])


INT32 = (-2**31, 2**31 - 1)
INT64 = (-2**63, 2**63 - 1)


# Avro. A type is made together with the function that makes values of it: (what the library takes, what is shown).

class Avro:
    def __init__(self):
        self.count = 0
        self.named = []

    def name(self, kind):
        self.count += 1
        return "%s%d" % (kind, self.count)

    def type(self, depth):
        simple = [self.plain, self.plain, self.logical, self.logical, self.enum, self.fixed, self.reused]
        nested = [self.array, self.map, self.record, self.optional, self.choice]
        return rng.choice(simple + (nested * 2 if depth < 4 else []))(depth)

    def plain(self, _depth):
        def shown(make, show):
            def value():
                made = make()
                return made, show(made)
            return value
        kind, make, show = rng.choice([
            ("null", lambda: None, lambda _: "null"), ("boolean", lambda: rng.random() < 0.5, json.dumps),
            ("int", lambda: random_int(*INT32), str), ("long", lambda: random_int(*INT64), str), ("float", random_float, float_text),
            ("double", random_double, double_text), ("string", random_text, text_of), ("bytes", random_bytes, bytes_text)])
        return kind, shown(make, show)

    def logical(self, _depth):
        return rng.choice([self.decimal, self.fixed_decimal, self.date, self.time, self.timestamp, self.local, self.uuid, self.duration])()

    def decimals(self, precision, scale):
        def value():
            digits = rng.randrange(10**rng.randrange(1, precision + 1)) * rng.choice([1, -1])
            made = decimal.Decimal(digits).scaleb(-scale)
            return made, format(made, "f")
        return value

    def decimal(self):
        precision = rng.randrange(1, 50)
        scale = rng.randrange(precision + 1)
        return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}, self.decimals(precision, scale)

    def fixed_decimal(self):
        return {"type": "fixed", "name": self.name("D"), "size": 16, "logicalType": "decimal", "precision": 36, "scale": 9}, self.decimals(36, 9)

    def date(self):
        def value():
            made = datetime.date.fromordinal(rng.randrange(1, 3652059))
            return made, '"%s"' % made.isoformat()
        return {"type": "int", "logicalType": "date"}, value

    def time(self):
        is_millis = rng.random() < 0.5
        def value():
            micros = rng.randrange(86400 * 10**6) // (1000 if is_millis else 1) * (1000 if is_millis else 1)
            made = (datetime.datetime.min + datetime.timedelta(microseconds=micros)).time()
            return made, '"%s%s"' % (made.strftime("%H:%M:%S"), fraction(made.microsecond * 1000))
        return {"type": "int" if is_millis else "long", "logicalType": "time-millis" if is_millis else "time-micros"}, value

    def timestamp(self):
        is_millis = rng.random() < 0.5
        def value():
            seconds = rng.randrange(-60000000000, 250000000000)
            micros = rng.randrange(10**6) // (1000 if is_millis else 1) * (1000 if is_millis else 1)
            return EPOCH + datetime.timedelta(seconds=seconds, microseconds=micros), '"%sZ"' % iso(seconds, micros * 1000)
        return {"type": "long", "logicalType": "timestamp-millis" if is_millis else "timestamp-micros"}, value

    def local(self):
        """The library does not know them: it takes the long."""
        name, unit = rng.choice([("local-timestamp-millis", 10**3), ("local-timestamp-micros", 10**6), ("local-timestamp-nanos", 10**9),
                                 ("timestamp-nanos", 10**9)])
        def value():
            made = rng.randrange(-2 * 10**9 * unit, 9 * 10**9 * unit)
            return made, '"%s%s"' % (iso(made // unit, made % unit * (10**9 // unit)), "" if name.startswith("local") else "Z")
        return {"type": "long", "logicalType": name}, value

    def uuid(self):
        def value():
            made = str(uuid.UUID(int=rng.getrandbits(128)))
            return made, '"%s"' % made
        return {"type": "string", "logicalType": "uuid"}, value

    def duration(self):
        def value():
            months, days, millis = (rng.getrandbits(rng.randrange(1, 33)) for _ in range(3))
            return struct.pack("<III", months, days, millis), '"P%dM%dDT%d.%03dS"' % (months, days, millis // 1000, millis % 1000)
        return {"type": "fixed", "name": self.name("T"), "size": 12, "logicalType": "duration"}, value

    def enum(self, _depth):
        symbols = ["S%d" % i for i in range(rng.randrange(1, 6))]
        def value():
            made = rng.choice(symbols)
            return made, '"%s"' % made
        return self.known({"type": "enum", "name": self.name("E"), "symbols": symbols}, value)

    def fixed(self, _depth):
        size = rng.randrange(1, 20)
        def value():
            made = bytes(rng.randrange(256) for _ in range(size))
            return made, bytes_text(made)
        return self.known({"type": "fixed", "name": self.name("F"), "size": size}, value)

    def known(self, schema, value):
        self.named.append((schema["name"], value))
        return schema, value

    def reused(self, depth):
        return rng.choice(self.named) if self.named else self.plain(depth)

    def array(self, depth):
        schema, item = self.type(depth + 1)
        def value():
            made = [item() for _ in range(rng.choice([0, 1, 2, 5]))]
            return [each[0] for each in made], "[%s]" % ",".join(each[1] for each in made)
        return {"type": "array", "items": schema}, value

    def map(self, depth):
        schema, item = self.type(depth + 1)
        def value():
            made = {random_text(): item() for _ in range(rng.choice([0, 1, 3]))}
            return {k: v[0] for k, v in made.items()}, "{%s}" % ",".join(text_of(k) + ":" + v[1] for k, v in made.items())
        return {"type": "map", "values": schema}, value

    def optional(self, depth):
        schema, inner = self.type(depth + 1)
        if isinstance(schema, list) or schema == "null":
            return schema, inner
        is_first = rng.random() < 0.7
        def value():
            return inner() if rng.random() < 0.6 else (None, "null")
        return (["null", schema] if is_first else [schema, "null"]), value

    def choice(self, depth):
        return rng.choice([self.text_or_bytes, self.text_or_number, self.one_of_two_records, self.symbol_or_text])(depth)

    def text_or_bytes(self, _depth):
        def value():
            if rng.random() < 0.5:
                made = random_text()
                return made, '{"string":%s}' % text_of(made)
            made = random_bytes()
            return made, '{"bytes":%s}' % bytes_text(made)
        return ["string", "null", "bytes"], value

    def text_or_number(self, _depth):
        def value():
            if rng.random() < 0.5:
                made = random_text()
                return made, text_of(made)
            made = random_int(*INT64)
            return made, str(made)
        return ["null", "long", "string"], value

    def symbol_or_text(self, _depth):
        schema, symbol = self.enum(0)
        def value():
            if rng.random() < 0.5:
                made = symbol()
                return made[0], '{"shop.%s":%s}' % (schema["name"], made[1])
            made = "text " + random_text()
            return made, '{"string":%s}' % text_of(made)
        return ["string", schema], value  # of the branches that a value fits, the library takes the last one

    def one_of_two_records(self, depth):
        (a, make_a), (b, make_b) = self.record(depth + 1), self.record(depth + 1)
        def value():
            schema, make = rng.choice([(a, make_a), (b, make_b)])
            made = make()
            return made[0], '{"shop.%s":%s}' % (schema["name"], made[1])
        return ["null", a, b], value

    def record(self, depth):
        name = self.name("R")
        fields = []
        for _ in range(rng.randrange(1, 6)):
            schema, make = self.type(depth + 1)
            fields.append((self.name("f"), schema, make))
        is_recursive = rng.random() < 0.2
        own = self.name("f")
        def value(level=0):
            made = [(field, make()) for field, _, make in fields]
            if is_recursive:
                made.append((own, value(level + 1) if level < 3 and rng.random() < 0.4 else (None, "null")))
            return {k: v[0] for k, v in made}, "{%s}" % ",".join('"%s":%s' % (k, v[1]) for k, v in made)
        members = [{"name": field, "type": schema} for field, schema, _ in fields]
        if is_recursive:
            members.append({"name": own, "type": ["null", name]})
        # Reused only behind its end: another one in it would be recursion that nothing ends.
        return self.known({"type": "record", "name": name, "fields": members}, value)


def extracted(schema):
    """The schema with one nested record told by name, and that record as a reference."""
    split = copy.deepcopy(schema)
    for field in split["fields"]:
        inner = field["type"]
        if isinstance(inner, dict) and inner["type"] == "record":
            field["type"] = inner["name"]
            return split, [("shop." + inner["name"], dict(inner, namespace="shop"))]
    return split, []


def avro_subject(values):
    """Three versions of a record: fields come and go, ints widen, and each version's values."""
    maker = Avro()
    schema, _ = maker.record(0)
    fields = {}
    maker.named.clear()
    schema = {"type": "record", "name": "shop.Root", "fields": []}
    for version in range(3):
        before = copy.deepcopy(schema)
        changes = []
        maker.named.clear()
        for _ in range(rng.randrange(1, 6)):
            maker.named.clear()  # a field that goes must not take a type with it
            inner, make = maker.type(1)
            name = maker.name("f")
            fields[name] = make
            schema["fields"].append({"name": name, "type": inner})
            changes.append(("Added", "Root/" + name))
        if version > 0:
            for field in list(schema["fields"][:len(before["fields"])]):
                if field["type"] == "int":
                    field["type"] = "long"
                    changes.append(("TypeChanged", "Root/" + field["name"]))
                elif rng.random() < 0.2:
                    schema["fields"].remove(field)
                    changes.append(("Removed", "Root/" + field["name"]))
            put("change", b64(json.dumps(before)), b64(json.dumps(schema)), *(" ".join(each) for each in sorted(changes)))
        split, references = extracted(schema)
        put("schema", "avro", "", b64(json.dumps(split)), *(part for name, text in references for part in (name, b64(json.dumps(text)))))
        writer = avro.io.DatumWriter(avro.schema.parse(json.dumps(schema)))
        for _ in range(values):
            made = [(field["name"], fields[field["name"]]()) for field in schema["fields"]]
            out = io.BytesIO()
            writer.write({name: value[0] for name, value in made}, avro.io.BinaryEncoder(out))
            put("value", b64(out.getvalue()), "{%s}" % ",".join('"%s":%s' % (name, value[1]) for name, value in made))


# Protobuf: a random file and one that it imports, compiled by protoc; the account walks the message that Python holds.

SCALARS = ["int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "float", "double", "bool",
           "string", "bytes"]
KNOWN = ["Timestamp", "Duration", "Struct", "Value", "Any", "FieldMask", "Empty", "Int64Value", "UInt64Value", "StringValue", "BoolValue", "BytesValue",
         "DoubleValue"]


def protobuf_file(version):
    """proto3; M0 is the root, imported types are in shop."""
    lines = ['syntax = "proto3";', "package test;", 'import "shop/common.proto";']
    lines += ['import "google/protobuf/%s.proto";' % name for name in ("timestamp", "duration", "struct", "any", "field_mask", "empty", "wrappers")]
    lines += ["enum E { E_ZERO = 0; E_ONE = 1; E_MINUS = -5; E_BIG = 2147483647; }"]
    for number in range(3):
        lines.append("message M%d {" % number)
        lines.append("  message N { int64 n = 1; optional string s = 2; repeated M%d back = 3; }" % number)
        for field in range(1, rng.randrange(3, 14) + 2 * version):
            kind = rng.choice(SCALARS * 2 + ["E", "N", "shop.Money", "M%d" % rng.randrange(number, 3)] + ["google.protobuf." + name for name in KNOWN])
            name = rng.choice(["field_%d", "camelField%d"]) % field
            shape = rng.choice(["", "", "optional ", "repeated ", "map", "oneof"])
            if shape == "map":
                key = rng.choice(["string", "int32", "int64", "uint64", "bool", "sfixed32"])
                lines.append("  map<%s, %s> %s = %d;" % (key, kind, name, field * 7))
            elif shape == "oneof":
                lines.append("  oneof choice_%d { %s %s = %d; string other_%d = %d; }" % (field, kind, name, field * 7, field, field * 7 + 1))
            else:
                lines.append("  %s%s %s = %d;" % (shape, kind, name, field * 7))
        lines.append("}")
    return "\n".join(lines)


COMMON = 'syntax = "proto3"; package shop; import "shop/unit.proto"; message Money { sint64 cents = 1; Unit unit = 2; optional bytes note = 3; }'
UNIT = 'syntax = "proto3"; package shop; enum Unit { EUR = 0; USD = 1; }'


def compiled(text):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mkdir", folder + "/shop"], check=True)
        for name, content in (("main.proto", text), ("shop/common.proto", COMMON), ("shop/unit.proto", UNIT)):
            with open(folder + "/" + name, "w") as file:
                file.write(content)
        subprocess.run(["protoc", "-I" + folder, "-I/usr/include", "--include_imports", "--descriptor_set_out=" + folder + "/set", folder + "/main.proto"],
                       check=True, stderr=subprocess.DEVNULL)
        pool = descriptor_pool.DescriptorPool()
        with open(folder + "/set", "rb") as file:
            for each in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
                pool.Add(each)
    return pool


def scalar(field):
    kind = field.type
    if kind in (field.TYPE_INT32, field.TYPE_SINT32, field.TYPE_SFIXED32):
        return random_int(*INT32)
    if kind in (field.TYPE_INT64, field.TYPE_SINT64, field.TYPE_SFIXED64):
        return random_int(*INT64)
    if kind in (field.TYPE_UINT32, field.TYPE_FIXED32):
        return random_int(0, 2**32 - 1)
    if kind in (field.TYPE_UINT64, field.TYPE_FIXED64):
        return random_int(0, 2**64 - 1)
    if kind == field.TYPE_FLOAT:
        return random_float()
    if kind == field.TYPE_DOUBLE:
        return random_double()
    if kind == field.TYPE_BOOL:
        return rng.random() < 0.5
    if kind == field.TYPE_STRING:
        return random_text()
    if kind == field.TYPE_BYTES:
        return random_bytes()
    return rng.choice([0, 1, -5, 2147483647, 77])  # an enum; 77 has no name


def fill(message, depth, pool):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds, message.nanos = rng.randrange(-60000000000, 250000000000), rng.choice([0, 1, 500000000, 999999999, 1000])
    elif name == "google.protobuf.Duration":
        sign = rng.choice([1, -1])
        message.seconds, message.nanos = sign * rng.randrange(10**9), sign * rng.choice([0, 1, 500000000, 999999999])
    elif name == "google.protobuf.Any":
        inner = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName(rng.choice(["shop.Money", "google.protobuf.Duration"])))()
        fill(inner, depth + 1, pool)
        message.type_url, message.value = "type.googleapis.com/" + inner.DESCRIPTOR.full_name, inner.SerializeToString()
    elif name == "google.protobuf.FieldMask":
        message.paths.extend(rng.choice(["a", "a.b_c", "d"]) for _ in range(rng.randrange(3)))
    else:
        for field in message.DESCRIPTOR.fields:
            if rng.random() < (0.7 if depth < 3 else 0.25 if depth < 5 else 0):
                fill_field(message, field, depth, pool)


def fill_field(message, field, depth, pool):
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        entries = getattr(message, field.name)
        value = field.message_type.fields_by_name["value"]
        for _ in range(rng.randrange(3)):
            key = scalar(field.message_type.fields_by_name["key"])
            if value.message_type is not None:
                fill(entries[key], depth + 1, pool)
            else:
                entries[key] = scalar(value)
    elif field.label == field.LABEL_REPEATED:
        items = getattr(message, field.name)
        for _ in range(rng.randrange(4)):
            if field.message_type is not None:
                fill(items.add(), depth + 1, pool)
            else:
                items.append(scalar(field))
    elif field.message_type is not None:
        getattr(message, field.name).SetInParent()
        fill(getattr(message, field.name), depth + 1, pool)
    else:
        setattr(message, field.name, scalar(field))


def shown_scalar(field, value):
    if field.type == field.TYPE_BOOL:
        return json.dumps(value)
    if field.type == field.TYPE_STRING:
        return text_of(value)
    if field.type == field.TYPE_BYTES:
        return bytes_text(value)
    if field.type == field.TYPE_FLOAT:
        return float_text(value)
    if field.type == field.TYPE_DOUBLE:
        return double_text(value)
    if field.type == field.TYPE_ENUM:
        if field.enum_type.full_name == "google.protobuf.NullValue" and value == 0:
            return "null"
        known = field.enum_type.values_by_number.get(value)
        return '"%s"' % known.name if known else str(value)
    return str(value)


def shown_one(field, value, pool):
    return shown(value, pool) if field.message_type is not None else shown_scalar(field, value)


def shown_field(message, field, pool):
    value = getattr(message, field.name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, inner = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
        def name(each):
            text = shown_scalar(key, each)
            return text if key.type == key.TYPE_STRING else '"%s"' % text
        return "{%s}" % ",".join(name(each) + ":" + shown_one(inner, value[each], pool) for each in value)
    if field.label == field.LABEL_REPEATED:
        return "[%s]" % ",".join(shown_one(field, each, pool) for each in value)
    return shown_one(field, value, pool)


def members(message, pool):
    out = []
    for field in message.DESCRIPTOR.fields:
        is_single = field.label != field.LABEL_REPEATED
        has_presence = is_single and (field.message_type is not None or field.containing_oneof is not None)
        if not has_presence or message.HasField(field.name):
            out.append('"%s":%s' % (field.name, shown_field(message, field, pool)))
    return out


def shown(message, pool):
    name = message.DESCRIPTOR.full_name
    fields = message.DESCRIPTOR.fields_by_name
    if name == "google.protobuf.Timestamp":
        return '"%sZ"' % iso(message.seconds, message.nanos)
    if name == "google.protobuf.Duration":
        text = ("%d.%09d" % (abs(message.seconds), abs(message.nanos))).rstrip("0").rstrip(".")
        return '"%sPT%sS"' % ("-" if message.seconds < 0 or message.nanos < 0 else "", text)
    if name == "google.protobuf.FieldMask":
        return text_of(",".join(message.paths))
    if name == "google.protobuf.Any":
        if not message.type_url:
            return '{"@type":"","value":"base64:%s"}' % b64(message.value)
        inner = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName(message.type_url.split("/")[1]))()
        inner.ParseFromString(message.value)
        rest = members(inner, pool) if inner.DESCRIPTOR.full_name == "shop.Money" else ['"value":' + shown(inner, pool)]
        return "{%s}" % ",".join(['"@type":"%s"' % message.type_url] + rest)
    if name in ("google.protobuf.Struct", "google.protobuf.ListValue") or (name.startswith("google.protobuf.") and name.endswith("Value") and name != "google.protobuf.Value"):
        return shown_field(message, message.DESCRIPTOR.fields[0], pool)
    if name == "google.protobuf.Value":
        kind = message.WhichOneof("kind")
        return shown_field(message, fields[kind], pool) if kind else "null"
    return "{%s}" % ",".join(members(message, pool))


def protobuf_subject(values):
    for version in range(3):
        text = protobuf_file(version)
        pool = compiled(text)
        root = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("test.M0"))
        put("schema", "protobuf", "test.M0", b64(text), "shop/common.proto", b64(COMMON), "shop/unit.proto", b64(UNIT))
        for _ in range(values):
            message = root()
            fill(message, 0, pool)
            put("value", b64(message.SerializeToString()), shown(message, pool))


# MessagePack and CBOR: values of any shape. Each is (what the library takes, what is shown, kind of key).

def keyed(pairs):
    """An object where the keys are all texts, all integers or all bytes; else a list."""
    kinds = {key[2] for key, _ in pairs}
    if kinds <= {"text"} or kinds <= {"bytes"}:
        return "{%s}" % ",".join(key[1] + ":" + value[1] for key, value in pairs)
    if kinds <= {"integer"}:
        return "{%s}" % ",".join('"%s":%s' % (key[1], value[1]) for key, value in pairs)
    return "[%s]" % ",".join('{"key":%s,"value":%s}' % (key[1], value[1]) for key, value in pairs)


def nested(make, depth):
    if rng.random() < 0.5:
        items = [make(depth + 1) for _ in range(rng.choice([0, 1, 3, 16, 20]) if depth < 2 else rng.randrange(3))]
        return [each[0] for each in items], "[%s]" % ",".join(each[1] for each in items), "other"
    kinds = rng.choice([["text"], ["text"], ["integer"], ["bytes"], ["text", "integer"], ["text", "other"]])
    pairs = {}
    for _ in range(rng.randrange(5)):
        kind = rng.choice(kinds)
        text, number, data = random_text(), random_int(2, 2**63 - 1), random_bytes()
        key = {"text": (text, text_of(text), kind), "integer": (number, str(number), kind), "bytes": (data, bytes_text(data), kind),
               "other": (True, "true", kind)}[kind]
        pairs[key[0]] = (key, make(depth + 1))
    return {key: value[0] for key, (_, value) in pairs.items()}, keyed(list(pairs.values())), "other"


def common_value():
    made = rng.choice(["int", "text", "bytes", "null", "bool"])
    if made == "text":
        text = random_text()
        return text, text_of(text), "text"
    if made == "bytes":
        data = random_bytes()
        return data, bytes_text(data), "bytes"
    if made == "int":
        number = random_int(-2**63, 2**64 - 1)
        return number, str(number), "integer"
    if made == "null":
        return None, "null", "other"
    value = rng.random() < 0.5
    return value, json.dumps(value), "other"


def messagepack_value(depth):
    if depth < 4 and rng.random() < 0.4:
        return nested(messagepack_value, depth)
    kind = rng.choice(["common", "common", "double", "ext", "time"])
    if kind == "double":
        value = random_double()
        return value, double_text(value), "other"
    if kind == "ext":
        code, data = rng.randrange(0, 128), random_bytes()
        return msgpack.ExtType(code, data), '{"$ext":%d,"data":%s}' % (code, bytes_text(data)), "other"
    if kind == "time":
        seconds, nanos = rng.randrange(-60000000000, 250000000000), rng.choice([0, 1, 999999999, 500000000])
        return msgpack.Timestamp(seconds, nanos), '"%sZ"' % iso(seconds, nanos), "other"
    return common_value()


def cbor_value(depth):
    if depth < 4 and rng.random() < 0.4:
        return nested(cbor_value, depth)
    kind = rng.choice(["common", "common", "double", "big", "decimal", "time", "uuid", "undefined", "simple", "tag"])
    if kind == "double":
        value = random_double()
        return value, double_text(value), "other"
    if kind == "big":
        number = rng.getrandbits(rng.randrange(60, 600)) * rng.choice([1, -1])
        return number, str(number), "integer"
    if kind == "decimal":
        number = decimal.Decimal(rng.getrandbits(rng.randrange(1, 120)) * rng.choice([1, -1])).scaleb(rng.randrange(-30, 30))
        return number, str(number), "other"
    if kind == "time":
        seconds = rng.randrange(-60000000000, 250000000000)
        return EPOCH + datetime.timedelta(seconds=seconds), '"%sZ"' % iso(seconds, 0), "other"
    if kind == "uuid":
        made = uuid.UUID(int=rng.getrandbits(128))
        return made, '"%s"' % made, "other"
    if kind == "undefined":
        return cbor2.undefined, '{"$undefined":true}', "other"
    if kind == "simple":
        number = rng.choice([0, 5, 19, 32, 255])
        return cbor2.CBORSimpleValue(number), '{"$simple":%d}' % number, "other"
    if kind == "tag":
        inner = cbor_value(depth + 1)
        number = rng.choice([42, 9999, 2**32 + 1])
        return cbor2.CBORTag(number, inner[0]), '{"$tag":%d,"value":%s}' % (number, inner[1]), "other"
    return common_value()




def messagepack(count):
    put("schema", "messagepack", "", "")
    for _ in range(count):
        value, text, _ = messagepack_value(0)
        put("value", b64(msgpack.packb(value, use_bin_type=True)), text)


def cbor(count):
    put("schema", "cbor", "", "")
    for _ in range(count):
        value, text, _ = cbor_value(0)
        put("value", b64(cbor2.dumps(value, timezone=UTC, datetime_as_timestamp=rng.random() < 0.5)), text)


def subjects(count, subject, each):
    for _ in range((count + 3 * each - 1) // (3 * each)):
        subject(each)


counts = [int(argument) for argument in sys.argv[2:6]]
subjects(counts[0], avro_subject, 50)
subjects(counts[1], protobuf_subject, 200)
messagepack(counts[2])
cbor(counts[3])
