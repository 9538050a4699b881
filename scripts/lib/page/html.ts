import { STYLE } from "./style";

/** Escapes text for HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A page in one file: no script, nothing fetched. `main` is HTML. */
export function pageOf(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}

/** Figures at the top of a page, each over its label. */
export function tiles(shown: readonly (readonly [value: string, label: string])[]): string {
  const items = shown.map(
    ([value, label]) => `<div class="card tile"><b>${escaped(value)}</b><span>${escaped(label)}</span></div>`,
  );
  return `<div class="tiles">${items.join("\n")}</div>`;
}
