// Read by solidity-docgen, beside the templates that use it.

/** An item of a page, as far as its source is concerned. */
interface Item {
  readonly src: string;
  readonly __item_context: {
    readonly file: { readonly absolutePath: string };
    readonly build: { readonly input: { readonly sources: Readonly<Record<string, { readonly content: string }>> } };
  };
}

/** An item as it stands in its source, with what is said of each member, as far to the left as it goes. */
export function sourceOf({ src, __item_context: { file, build } }: Item): string {
  const [start = 0, length = 0] = src.split(":").map(Number);
  const source = Buffer.from(build.input.sources[file.absolutePath]?.content ?? "");
  return source
    .subarray(start, start + length)
    .toString()
    .replace(/^ {4}/gm, "");
}

/** A name in braces, which templates cannot write. */
export function braced(name: string): string {
  return `{ ${name} }`;
}
