/** A property: its id, which stands in the messages of the assertions; in words; as a formula. */
export type Property = readonly [id: string, words: string, formula: string];

/** Properties of one concern. */
export interface Group {
  readonly title: string;
  readonly properties: readonly Property[];
}
