// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_prelude.h"

namespace leftfold::fold {

// Scripts may change every built-in object while they load, so nothing below calls a method of one afterwards: what is
// needed is taken here, first.
const std::string_view kScriptPrelude = R"js(
(function (global, host) {
'use strict';
const { parse, stringify } = JSON;
const { freeze, getPrototypeOf, keys, create, defineProperty } = Object;
const { ownKeys, getOwnPropertyDescriptor, apply } = Reflect;
const { isArray } = Array;
const { floor, imul } = Math;
const ObjectPrototype = Object.prototype;
const SetConstructor = Set, setHas = Set.prototype.has, setAdd = Set.prototype.add;
const MapConstructor = Map, mapGet = Map.prototype.get, mapHas = Map.prototype.has, mapSet = Map.prototype.set;
const mapForEach = Map.prototype.forEach;
const textSlice = String.prototype.slice, textIndexOf = String.prototype.indexOf, toText = String;
const ErrorConstructor = Error;
const { streamOf, numberOf, createdOf, isProxy } = host;

// Type, Slot, Kind, Start, End, MetaStart, MetaEnd, Index, Seconds, Nanoseconds, Seed, Topic
const WIDTH = 12;
const JSON_KIND = 0, TOMBSTONE = 1;
const UNREAD = freeze({}), NONE = freeze({});

const cursor = { at: 0, handler: '' };
let batch = { text: '', meta: '', ids: [], nums: [], bodies: null };
let loading = true, recording = false, outputs = [];

function put(list, item) {
  defineProperty(list, list.length, { value: item, writable: true, enumerable: true, configurable: true, __proto__: null });
}
function record(output) {
  output.event = loading ? null : batch.nums[cursor.at * WIDTH + 7];
  put(outputs, output);
}

// ---------------------------------------------------------------- the definition

const definition = {
  form: '', allStreams: false, streams: [], categories: [], allEvents: true, events: [],
  byStreams: false, byCustomPartitions: false, definesFold: false, definesStateTransform: false,
  producesResults: false, handlesDeletedNotifications: false, isBiState: false, exactNumbers: false,
  options: {},
};
const handlers = create(null), created = [], transforms = [];
let init, initShared, any, deleted, partitionFunction, isShort = false, question;

function add(name, handler) {
  switch (name) {
    case '$init': init = handler; break;
    case '$initShared':
      if (deleted) throw new ErrorConstructor('a projection with shared state cannot handle $deleted');
      definition.isBiState = true; initShared = handler; break;
    case '$any': any = handler; definition.allEvents = true; break;
    case '$created': put(created, handler); break;
    case '$deleted':
      if (definition.isBiState) throw new ErrorConstructor('a projection with shared state cannot handle $deleted');
      definition.handlesDeletedNotifications = true; deleted = handler; break;
    default:
      if (handlers[name]) throw new ErrorConstructor("there are two handlers for '" + name + "'");
      if (!any) definition.allEvents = false;
      put(definition.events, name); handlers[name] = handler;
  }
}

const FOLLOWERS = {
  fromStream: ['when', 'partitionBy', 'outputState'],
  fromStreams: ['when', 'partitionBy', 'outputState'],
  fromAll: ['when', 'partitionBy', 'outputState', 'foreachStream'],
  fromCategory: ['when', 'partitionBy', 'outputState', 'foreachStream'],
  when: ['transformBy', 'filterBy', 'outputState', 'outputTo', '$defines_state_transform'],
  foreachStream: ['when'],
  outputState: ['transformBy', 'filterBy', 'outputTo'],
  partitionBy: ['when'],
  transformBy: ['transformBy', 'filterBy', 'outputState', 'outputTo'],
  filterBy: ['transformBy', 'filterBy', 'outputState', 'outputTo'],
  outputTo: [], execution: [],
};
const chain = {};
function goOn(step) {
  for (const name of keys(chain)) if (!FOLLOWERS[step].includes(name)) delete chain[name];
  for (const name of FOLLOWERS[step]) chain[name] = links[name];
  return chain;
}
function textArgument(value, what) {
  if (typeof value !== 'string') throw new ErrorConstructor(what + ' must be a text');
  return value;
}
function functionArgument(value, what) {
  if (typeof value !== 'function') throw new ErrorConstructor(what + ' must be given a function');
  return value;
}
const links = {
  when(given) {
    if (given !== null && typeof given === 'object') {
      for (const name of ownKeys(given)) {
        if (typeof name === 'string' && typeof given[name] === 'function') add(name, given[name]);
      }
    }
    definition.definesFold = true;
    return goOn('when');
  },
  partitionBy(by) {
    partitionFunction = functionArgument(by, 'partitionBy');
    definition.byCustomPartitions = true;
    return goOn('partitionBy');
  },
  foreachStream() { definition.byStreams = true; return goOn('foreachStream'); },
  outputState() { definition.producesResults = true; return goOn('outputState'); },
  outputTo(stream, pattern) {
    if (arguments.length !== 1 && arguments.length !== 2) throw new ErrorConstructor('outputTo takes one text or two');
    definition.options.resultStreamName = textArgument(stream, 'the result stream');
    if (arguments.length === 2)
      definition.options.partitionResultStreamNamePattern = textArgument(pattern, 'the pattern of result streams');
    return goOn('outputTo');
  },
  transformBy(by) { return addTransform('transformBy', by); },
  filterBy(by) { return addTransform('filterBy', by); },
  $defines_state_transform() { definition.definesStateTransform = definition.producesResults = true; },
};
function addTransform(kind, by) {
  put(transforms, { isFilter: kind === 'filterBy', by: functionArgument(by, kind) });
  definition.definesStateTransform = definition.producesResults = true;
  return goOn(kind);
}

const OPTIONS = {
  $includelinks: ['$includeLinks', 'boolean'], reorderevents: ['reorderEvents', 'boolean'],
  processinglag: ['processingLag', 'number'], resultstreamname: ['resultStreamName', 'string'],
  bistate: ['biState', 'boolean'],
};
function fromStreams(step, names) {
  for (const name of names) put(definition.streams, textArgument(name, 'a stream'));
  return goOn(step);
}
const starts = {
  options(given) {
    if (given === null || typeof given !== 'object') return;
    for (const name of keys(given)) {
      const known = OPTIONS[name.toLowerCase()];
      if (!known) throw new ErrorConstructor("there is no option '" + name + "'");
      if (typeof given[name] !== known[1]) throw new ErrorConstructor("the option '" + name + "' must be a " + known[1]);
      if (known[0] === 'biState') definition.isBiState = given[name];
      else definition.options[known[0]] = known[0] === 'processingLag' ? floor(given[name]) : given[name];
    }
  },
  fromAll() { definition.allStreams = true; return goOn('fromAll'); },
  fromStream(name) { return fromStreams('fromStream', [name]); },
  fromStreams(...names) { return fromStreams('fromStreams', isArray(names[0]) ? names[0] : names); },
  fromCategory(...names) {
    if (names.length === 0) return chain;
    for (const name of isArray(names[0]) ? names[0] : names) put(definition.categories, textArgument(name, 'a category'));
    return goOn('fromCategory');
  },
  fromCategories(...names) { return starts.fromCategory(...names); },
  on_event(name, handler) { add(textArgument(name, 'an event type'), functionArgument(handler, 'on_event')); },
  on_any(handler) { add('$any', functionArgument(handler, 'on_any')); },
};

// ---------------------------------------------------------------- what a handler may call

function namedText(value, what) {
  if (typeof value !== 'string') throw new ErrorConstructor(what + ' must be a text');
  for (let i = 0; i < value.length; ++i) if (value[i] > ' ') return value;
  throw new ErrorConstructor(what + ' must not be empty');
}
function objectArgument(value, what) {
  if (value === null || typeof value !== 'object') throw new ErrorConstructor(what + ' must be an object');
  return value;
}
function metadataOf(given) {
  const out = create(null);
  for (const name of keys(objectArgument(given, 'metadata')))
    if (given[name] !== undefined) out[name] = given[name];
  return out;
}
const actions = {
  emit(stream, type, body, metadata) {
    if (arguments.length < 3) throw new ErrorConstructor('emit takes a stream, an event type and a body');
    const output = { kind: 'emit', stream: namedText(stream, 'the stream'), type: namedText(type, 'the event type'),
                     data: stringify(objectArgument(body, 'the body')) };
    if (arguments.length >= 4) output.metadata = stringify(metadataOf(metadata));
    if (recording) record(output);
  },
  linkTo(stream, event, metadata) {
    if (arguments.length !== 2 && arguments.length !== 3) throw new ErrorConstructor('linkTo takes a stream and an event');
    namedText(stream, 'the stream');
    objectArgument(event, 'the event');
    const number = event.sequenceNumber, source = event.streamId;
    if (typeof number !== 'number' || typeof source !== 'string')
      throw new ErrorConstructor('what is linked to is no event: ' + toText(number) + '@' + toText(source));
    const output = { kind: 'linkTo', stream, type: '$>', data: floor(number) + '@' + source };
    if (arguments.length === 3) output.metadata = stringify(metadataOf(metadata));
    if (recording) record(output);
  },
  linkStreamTo(stream, linked, metadata) {
    const output = { kind: 'linkStreamTo', stream: namedText(stream, 'the stream'), type: '$@',
                     data: namedText(linked, 'the linked stream') };
    if (arguments.length >= 3) output.metadata = stringify(metadataOf(metadata));
    if (recording) record(output);
  },
  copyTo() {},
};
function log(...parts) {
  if (!recording || parts.length === 0) return;
  const texts = parts.map(part => (part !== null && typeof part === 'object' ? stringify(part) : toText(part)));
  record({ kind: 'log', text: texts.join(' ,') });
}

// ---------------------------------------------------------------- the event

class Event {
  #batch; #at; #body = UNREAD; #metadata = UNREAD;
  constructor(batch, at) { this.#batch = batch; this.#at = at; }
  #number(column) { return this.#batch.nums[this.#at * WIDTH + column]; }
  get body() {
    if (this.#body === UNREAD) {
      const from = this.#batch;
      ++reads;
      if (this.#number(2) !== JSON_KIND) this.#body = this.#number(2) === TOMBSTONE ? null : undefined;
      else if (from.bodies !== null) this.#body = from.bodies[this.#at];
      else this.#body = parse(this.bodyRaw);
    }
    return this.#body;
  }
  get data() { return this.body; }
  get bodyRaw() {
    return this.#number(2) === JSON_KIND ? apply(textSlice, this.#batch.text, [this.#number(3), this.#number(4)]) : null;
  }
  get isJson() { return this.#number(2) === JSON_KIND; }
  get eventType() { return typeNames[this.#number(0)]; }
  get streamId() { return streamOf(this.#number(7), this.#number(11)); }
  get sequenceNumber() { return numberOf(this.#number(7)); }
  get eventId() { return this.#batch.ids[this.#at]; }
  get metadataRaw() {
    return this.#number(5) < 0 ? null : apply(textSlice, this.#batch.meta, [this.#number(5), this.#number(6)]);
  }
  get metadata() {
    if (this.#metadata === UNREAD) this.#metadata = this.#number(5) < 0 ? null : parse(this.metadataRaw);
    return this.#metadata;
  }
  get linkMetadataRaw() { return null; }
  get linkMetadata() { return null; }
  get partition() { return partitionIn(this.#number(1), this); }
  get category() { return categoryOf(this.streamId); }
  get created() { return createdOf(this.#number(8), this.#number(9)); }
  toJSON() {
    const { streamId, sequenceNumber, eventType, eventId, isJson, body, metadata, partition, category, created } = this;
    return { streamId, sequenceNumber, eventType, eventId, isJson, body, metadata, partition, category, created };
  }
}
delete Event.prototype.constructor;
function categoryOf(stream) {
  const dash = apply(textIndexOf, stream, ['-']);
  return dash < 0 ? '' : apply(textSlice, stream, [0, dash]);
}

// ---------------------------------------------------------------- time and chance

let generator = 0, generatorOf = null, generatorAt = -1;
function random() {
  host.tellOfChance();
  if (generatorOf !== batch || generatorAt !== cursor.at) {
    generatorOf = batch; generatorAt = cursor.at;
    generator = (loading ? 1 : batch.nums[cursor.at * WIDTH + 10]) | 0;
  }
  const half = () => {
    generator = (generator + 0x6D2B79F5) | 0;
    let t = imul(generator ^ (generator >>> 15), 1 | generator);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return ((half() >>> 6) * 134217728 + (half() >>> 5)) / 9007199254740992;
}

// ---------------------------------------------------------------- folding

const typeNames = [], byType = [], names = [], states = [], roots = [];
let reads = 0, seen = 0, readShare = 0;

function handlerOf(type) { return handlers[type] || any || (definition.definesFold || isShort ? null : bodyAsState); }
function bodyAsState(state, event) { return event.body; }

function isWanted(at) {
  if (definition.allStreams || isShort) return true;
  const stream = streamOf(batch.nums[at * WIDTH + 7], batch.nums[at * WIDTH + 11]);
  for (let i = 0; i < definition.streams.length; ++i) if (definition.streams[i] === stream) return true;
  const category = categoryOf(stream);
  for (let i = 0; i < definition.categories.length; ++i) if (definition.categories[i] === category) return true;
  return false;
}

function begin() {
  cursor.handler = '$init';
  return init ? init() : (isShort ? undefined : {});
}
function skip(reason) { if (recording) record({ kind: 'skipped', reason }); }

function partitionIn(slot, event) {
  const name = names[slot];
  return name === undefined ? '' : name;
}

/// Why the event changes nothing; an empty text if it does.
function reasonToSkip(at) {
  const nums = batch.nums, kind = nums[at * WIDTH + 2];
  if (kind === JSON_KIND) return byType[nums[at * WIDTH]] === null || !isWanted(at) ? 'unhandled' : '';
  if (!isWanted(at)) return 'unhandled';
  if (kind !== TOMBSTONE) return 'non-json';
  return isShort || (deleted && definition.byStreams) ? '' : 'no-delete-handler';
}

function remove(slot, at) {
  cursor.handler = '$deleted';
  if (states[slot] === NONE) return;
  if (isShort && !deleted) { states[slot] = NONE; return; }
  if (isShort) {
    const result = deleted(states[slot], new Event(batch, at));
    states[slot] = result === undefined ? NONE : result;
  } else deleted(states[slot], null, partitionIn(slot), false);
}

function foldOne(at) {
  const nums = batch.nums, o = at * WIDTH, slot = nums[o + 1];
  if (nums[o + 2] !== JSON_KIND || !definition.allStreams) {
    const reason = reasonToSkip(at);
    if (reason !== '') { skip(reason); return; }
    if (nums[o + 2] === TOMBSTONE) { remove(slot, at); return; }
  }
  const handler = byType[nums[o]];
  if (handler === null) { skip('unhandled'); return; }
  const event = new Event(batch, at);
  if (definition.isBiState) { foldShared(slot, handler, event, nums[o]); return; }
  let state = states[slot];
  if (state === NONE) {
    state = begin();
    states[slot] = state;
    cursor.handler = '$created';
    for (let i = 0; i < created.length; ++i) created[i](state, event);
    cursor.handler = '';
  }
  const result = handler(state, event);
  if (result !== undefined) states[slot] = result;
}

/// All partitions and what they share are one state: { shared, own: Map }.
function foldShared(slot, handler, event, type) {
  if (states[slot] === NONE) {
    cursor.handler = '$initShared';
    states[slot] = { shared: initShared ? initShared() : {}, own: new MapConstructor() };
  }
  const whole = states[slot];
  const partition = partitionOf(event);
  if (partition === undefined) { skip('no-partition'); return; }
  names[slot] = partition;
  const isNew = !apply(mapHas, whole.own, [partition]);
  const both = [isNew ? begin() : apply(mapGet, whole.own, [partition]), whole.shared];
  if (isNew) {
    cursor.handler = '$created';
    for (let i = 0; i < created.length; ++i) created[i](both, event);
  }
  cursor.handler = '';
  const result = handler(both, event);
  const after = result === undefined ? both : result;
  const isPair = isArray(after);
  apply(mapSet, whole.own, [partition, isPair ? after[0] : after]);
  if (isPair) whole.shared = after[1];
}

function partitionOf(event) {
  if (definition.byStreams) return event.streamId;
  if (!partitionFunction) return '';
  cursor.handler = isShort ? 'by' : 'partitionBy';
  const by = partitionFunction(event);
  cursor.handler = '';
  return typeof by === 'string' ? by : typeof by === 'number' ? toText(by) : undefined;
}

function take(text, meta, ids, nums) {
  batch = { text, meta, ids, nums, bodies: null };
  // Where most bodies are read, all are parsed in one go.
  if (readShare > 0.5) {
    try { batch.bodies = parse(text); } catch { batch.bodies = null; }
  }
  reads = 0;
}
function tell(count) { readShare = 0.75 * readShare + 0.25 * (reads / count); }

function frozen(value) {
  const seen = new SetConstructor(), open = [value];
  while (open.length > 0) {
    const object = open[open.length - 1];
    open.length -= 1;
    if (object === null || (typeof object !== 'object' && typeof object !== 'function')) continue;
    if (apply(setHas, seen, [object]) || isProxy(object)) continue;
    apply(setAdd, seen, [object]);
    put(open, getPrototypeOf(object));
    for (const name of ownKeys(object)) {
      const property = getOwnPropertyDescriptor(object, name);
      if (property === undefined) continue;
      put(open, property.value);
      put(open, property.get);
      put(open, property.set);
    }
    freeze(object);
  }
}

/// Where a value cannot be kept, and what is there; nothing if all of it is plain data.
function unplain(value, path, depth) {
  switch (typeof value) {
    case 'function': case 'symbol': return 'a ' + typeof value + ' at ' + (path || '/');
    case 'object': break;
    default: return undefined;
  }
  if (value === null) return undefined;
  if (depth > 500) return 'nesting beyond 500 at ' + path;
  if (isProxy(value)) return 'a proxy at ' + (path || '/');
  if (isArray(value)) {
    for (let i = 0; i < value.length; ++i) {
      const bad = unplain(value[i], path, depth + 1);
      if (bad !== undefined) return bad;
    }
    return undefined;
  }
  const prototype = getPrototypeOf(value);
  if (prototype !== ObjectPrototype && prototype !== null)
    return 'an object that is no plain data (a Date, a Map, an event, one of a class) at ' + (path || '/');
  for (const name of keys(value)) {
    const bad = unplain(value[name], path + '/' + name, depth + 1);
    if (bad !== undefined) return bad;
  }
  return undefined;
}
function check(value) {
  const bad = unplain(value, '', 0);
  if (bad !== undefined) throw new ErrorConstructor(bad);
}
function json(value) {
  const text = stringify(value);
  return text === undefined ? 'null' : text;
}
function checked(slot) {
  const state = states[slot];
  cursor.handler = '';
  if (!definition.isBiState) { check(state); return state; }
  check(state.shared);
  apply(mapForEach, state.own, [check]);
  return state;
}
function partitionsOf(state) {
  const out = create(null);
  apply(mapForEach, state.own, [(own, partition) => {
    defineProperty(out, partition, { value: own, enumerable: true, configurable: true, writable: true, __proto__: null });
  }]);
  return out;
}
function transformed(state) {
  let result = state;
  for (let i = 0; i < transforms.length; ++i) {
    cursor.handler = transforms[i].isFilter ? 'filterBy' : 'transformBy';
    const given = transforms[i].by(result);
    if (transforms[i].isFilter) { if (given !== true) return null; }
    else result = given;
    if (result === null || result === undefined) return null;
  }
  return result;
}

const engine = {
  cursor, NONE, states, names,
  /// The script has run; `given` is what it evaluated to. Says what is wrong with it, or nothing.
  finishLoading(given) {
    if (given !== null && typeof given === 'object' && given !== chain && typeof given.apply === 'function') {
      isShort = true;
      definition.form = 'short';
      definition.allStreams = true;
      definition.exactNumbers = given.exactNumbers === true;
      any = given.apply; init = given.init; deleted = given.remove; partitionFunction = given.by;
      if (partitionFunction !== undefined) definition.byCustomPartitions = true;
      else definition.byStreams = true;
      definition.definesFold = true;
      definition.handlesDeletedNotifications = deleted !== undefined;
      for (const name of ['by', 'init', 'remove'])
        if (given[name] !== undefined) functionArgument(given[name], name);
      put(roots, given);
    } else {
      definition.form = 'kurrentdb';
      if (!definition.allStreams && definition.streams.length === 0 && definition.categories.length === 0)
        return 'it calls none of fromAll, fromCategory, fromStream and their kin, and is no object with a function apply';
    }
    goOn('execution');
    for (const name of keys(starts)) delete global[name];
    for (const name of keys(actions))
      if (!(name in global)) defineProperty(global, name, { value: actions[name], writable: false, enumerable: true, configurable: false });
    for (const name of keys(handlers)) put(roots, handlers[name]);
    put(roots, [any, init, initShared, deleted, partitionFunction, created, transforms, Event, Event.prototype]);
    return undefined;
  },
  /// A question is one function.
  finishQuestion(given) {
    if (typeof given !== 'function') return 'it is no function';
    question = given;
    any = given;
    for (const name of keys(starts)) delete global[name];
    put(roots, [given, Event, Event.prototype]);
    return undefined;
  },
  /// No more loading: everything that can be reached is frozen.
  seal(values) { frozen(global); frozen(roots); frozen(values); loading = false; },
  definition() { return stringify(definition); },
  addType(name) { put(typeNames, name); put(byType, handlerOf(name)); },
  setRecording(on) { recording = on; },
  takeOutputs() { const out = stringify(outputs); outputs = []; return out; },
  run(text, meta, ids, nums, count) {
    take(text, meta, ids, nums);
    for (let at = 0; at < count; ++at) {
      cursor.at = at;
      cursor.handler = '';
      foldOne(at);
    }
    tell(count);
  },
  /// For each event whether the answer is true, and its JSON.
  ask(text, meta, ids, nums, count, before, after) {
    take(text, meta, ids, nums);
    const out = [];
    for (let at = 0; at < count; ++at) {
      cursor.at = at;
      cursor.handler = 'the function';
      const event = new Event(batch, at), state = after[at] === undefined ? undefined : parse(after[at]);
      const answer = before.length === 0
        ? question(state, event)
        : question(before[at] === undefined ? undefined : parse(before[at]), event, state);
      check(answer);
      const given = stringify(answer);
      put(out, (answer ? '1' : '0') + (given === undefined ? '' : given));
    }
    tell(count);
    return out;
  },
  /// For each event its partition, undefined where it has none, null where it is not the projection's at all.
  partitions(text, meta, ids, nums, count) {
    take(text, meta, ids, nums);
    const out = [];
    for (let at = 0; at < count; ++at) {
      cursor.at = at;
      cursor.handler = '';
      const reason = reasonToSkip(at);
      put(out, reason === 'unhandled' ? null : nums[at * WIDTH + 2] !== JSON_KIND ? undefined : partitionOf(new Event(batch, at)));
    }
    tell(count);
    return out;
  },
  read(slot) {
    const state = checked(slot);
    return json(definition.isBiState ? { shared: state.shared, partitions: partitionsOf(state) } : state);
  },
  result(slot) {
    const state = checked(slot);
    if (!definition.isBiState) return json(transformed(state));
    const out = partitionsOf(state);
    for (const name of keys(out)) out[name] = transformed([out[name], state.shared]);
    return json(out);
  },
  whole(slot) { return checked(slot); },
};

for (const name of keys(starts)) global[name] = starts[name];
defineProperty(global, 'log', { value: log, writable: false, enumerable: false, configurable: false });
defineProperty(global.Math, 'random', { value: random, writable: true, enumerable: false, configurable: true });
defineProperty(BigInt.prototype, 'toJSON', { value() { return toText(this); }, writable: true, enumerable: false, configurable: true });
for (const name of host.forbidden) delete global[name];
return engine;
})
)js";

} // namespace leftfold::fold
