import { CsvError, parse } from "csv-parse/sync";

import { FIELDS, unreadable } from "./rows";
import type { Problem, Row, Rows } from "./rows";

/** Fields of one line. */
interface Record {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Reads `address,shares`, header first; line ends of any system, spaces around a field are left out. */
export function readCsv(text: string): Rows {
  let records: readonly Record[];
  try {
    records = recordsOf(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = "lines" in error ? error.lines : undefined;
    return unreadable(typeof line === "number" ? line : undefined, error.message);
  }
  const [header, ...rest] = records;
  if (header === undefined) return unreadable(undefined, "the file is empty: it needs a header and a line per holder");

  const problems = headerProblems(header);
  const [address, shares] = [header.fields.indexOf("address"), header.fields.indexOf("shares")];
  if (address === -1 || shares === -1) return { rows: [], problems };
  const rows: Row[] = [];
  for (const { line, fields } of rest) {
    if (fields.length === header.fields.length) {
      rows.push({ line, address: fields[address] ?? "", shares: fields[shares] ?? "" });
    } else {
      problems.push({ line, text: `${fields.length} fields where the header has ${header.fields.length}` });
    }
  }
  return { rows, problems };
}

function recordsOf(text: string): readonly Record[] {
  const parsed: unknown = parse(text, {
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
  });
  return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
    line: info.lines,
    fields: record,
  }));
}

function headerProblems({ line, fields }: Record): Problem[] {
  const known: readonly string[] = FIELDS;
  if (!fields.some((field) => known.includes(field))) {
    return [{ line, text: "the first line must be the header address,shares" }];
  }
  return [
    ...fields
      .filter((field) => !known.includes(field))
      .map((field) => ({ line, text: `the column "${field}" is not known: the columns are address and shares` })),
    ...known.filter((name) => !fields.includes(name)).map((name) => ({ line, text: `the column ${name} is missing` })),
    ...known
      .filter((name) => fields.indexOf(name) !== fields.lastIndexOf(name))
      .map((name) => ({ line, text: `the column ${name} stands there more than once` })),
  ];
}
