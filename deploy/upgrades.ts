import type { Book, Upgrade } from "./book";

/** What a proxy may have as its implementation: what was executed last, and what was prepared after it. */
export function implementationsOf(book: Pick<Book, "contracts" | "upgrades">, name: string): string[] {
  const upgrades = book.upgrades[name] ?? [];
  const first = book.contracts[book.contracts[name]?.implementation ?? ""]?.address;
  const executed = upgrades.filter((upgrade) => upgrade.executed).at(-1)?.address ?? first;
  const prepared = preparedOf(book, name)?.address;
  return [executed, prepared].filter((address) => address !== undefined);
}

/** The upgrade of a proxy that was prepared and has not been executed yet, as far as the book knows. */
export function preparedOf({ upgrades }: Pick<Book, "upgrades">, name: string): Upgrade | undefined {
  const last = upgrades[name]?.at(-1);
  return last?.executed === false ? last : undefined;
}
