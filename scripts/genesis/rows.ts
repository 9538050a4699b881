/** Something that is wrong with a list of holders. */
export interface Problem {
  /** Line of the file, from 1; undefined if it is the file as a whole. */
  readonly line: number | undefined;
  readonly text: string;
}

/** What a file says of one holder, as it is written there. */
export interface Row {
  readonly line: number;
  readonly address: string;
  readonly shares: string;
}

/** Rows of a file, and what kept others from being rows. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
}

/** The columns of a CSV file and the properties of an entry in JSON. */
export const FIELDS = ["address", "shares"] as const;

/** A file that nothing can be read from. */
export function unreadable(line: number | undefined, text: string): Rows {
  return { rows: [], problems: [{ line, text }] };
}
