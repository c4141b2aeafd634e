// SPDX-License-Identifier: GPL-3.0-or-later
// DuckDB as the comparator of tests/bench/speed: one job a process, with 2 threads, timed inside the
// process so that the start of node counts for nobody.
//
//   node duckdb.mjs MODULES LOG JOB DATABASE ROWS
//
// MODULES   the folder with node_modules/@duckdb/node-api
// JOB       load        CREATE TABLE t AS SELECT * FROM read_json(LOG), CHECKPOINT, close
//           load+group  the same and the GROUP BY over t, all its rows read
//           group       the GROUP BY straight over read_json(LOG), all its rows read
// DATABASE  the file to make (not used by `group`)
// ROWS      a file for the job's rows, written after the clock stopped; `-` for none.
//           load: invoice, type, microseconds of `at`, in the log's order;
//           else: invoice, count, sum of quantity, microseconds of the first and the last `at`
//
// Prints one line of JSON: {"seconds":..,"version":..,"rows":..}

import { createRequire } from "node:module";
import path from "node:path";

const [modules, log, job, database, rowsFile] = process.argv.slice(2);
const jobs = ["load", "load+group", "group"];
if (rowsFile === undefined || !jobs.includes(job)) {
  console.error("usage: duckdb.mjs MODULES LOG load|load+group|group DATABASE ROWS");
  process.exit(2);
}

const require = createRequire(path.resolve(modules, "package.json"));
const { DuckDBInstance, version } = require("@duckdb/node-api");

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const events = `read_json(${quoted(log)})`;
const groupBy = (from) =>
  `SELECT invoice, count(*), sum(quantity), min("at"), max("at") FROM ${from} GROUP BY invoice`;

async function open(file) {
  const instance = await DuckDBInstance.create(file, { threads: "2" });
  return { instance, connection: await instance.connect() };
}

function close({ instance, connection }) {
  connection.closeSync();
  instance.closeSync();
}

/// The timed part: gives the number of rows the job gave.
async function run() {
  const db = await open(job === "group" ? ":memory:" : database);
  let rows = 0;
  if (job !== "group") {
    await db.connection.run(`CREATE TABLE t AS SELECT * FROM ${events}`);
    await db.connection.run("CHECKPOINT");
  }
  if (job !== "load") {
    const reader = await db.connection.runAndReadAll(groupBy(job === "group" ? events : "t"));
    rows = reader.currentRowCount;
  }
  close(db);
  return rows;
}

async function writeRows() {
  const from = job === "group" ? events : "t";
  const micros = (column) => `epoch_us(CAST(${column} AS TIMESTAMP))`;
  const select =
    job === "load"
      ? `SELECT invoice, type, ${micros('"at"')} FROM t`
      : `SELECT invoice, count(*), sum(quantity), ${micros('min("at")')}, ${micros('max("at")')} FROM ${from} GROUP BY invoice`;
  const db = await open(job === "group" ? ":memory:" : database);
  await db.connection.run(`COPY (${select}) TO ${quoted(rowsFile)} (FORMAT csv, HEADER false)`);
  close(db);
}

const begin = process.hrtime.bigint();
const rows = await run();
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
if (rowsFile !== "-") await writeRows();
console.log(JSON.stringify({ seconds, version: version(), rows }));
