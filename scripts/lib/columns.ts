/** How rows become columns. */
export interface ColumnStyle {
  /** Columns whose cells begin at the left, from 0; all others end at the right. */
  readonly left?: readonly number[];
  /** Spaces between columns. */
  readonly gap?: number;
}

/** Rows as lines of text, with columns as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[], { left = [], gap = 2 }: ColumnStyle = {}): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}
