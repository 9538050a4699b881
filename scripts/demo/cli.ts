import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "../lib/files";

import { page } from "./page";
import { showProgress } from "./progress";
import { play } from "./scenario";
import type { Story } from "./story";
import { dayTable, verdictLines } from "./table";
import { judge } from "./verdict";

const HELP = `Plays thirty days of liquid staking on the embedded chain: 12 validators, 40 stakers, 6 holders of aMATICb, everything from the first stake to the
last payment, with nobody's permission. Ends with a table, a page and a check of all that was promised.

usage: npm run demo [-- --out FILE]

  --out FILE   where the page goes; reports/demo.html if left out
  --help       this text

Exits with 0 if everything holds, with 1 and what does not if something fails, and with 2 if the arguments cannot be used.`;

const HOLDS = 0;
const FAILS = 1;
const UNUSABLE = 2;

/** The command behind `npm run demo`; returns its exit code. */
export async function runDemo(args: readonly string[]): Promise<number> {
  let out: string;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: "string", default: path.join(ROOT, "reports", "demo.html") },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      return HOLDS;
    }
    out = path.resolve(values.out);
    // Before the work and not after it, so that a wrong path costs no time.
    mkdirSync(path.dirname(out), { recursive: true });
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${HELP}`);
    return UNUSABLE;
  }

  const started = performance.now();
  const progress = showProgress();
  let story: Story;
  try {
    story = await play(progress);
  } catch (error) {
    progress.end();
    console.error(`The demo stops: ${messageOf(error)}`);
    return FAILS;
  }
  const findings = judge(story);
  writeFileSync(out, page(story, findings));
  const failed = findings.filter(({ against }) => against.length > 0).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${dayTable(story.days)}\n\n${verdictLines(findings)}\n`);
  console.log(`${path.relative(process.cwd(), out)} shows all of it (open it in a browser; it needs no network)`);
  console.log(
    failed === 0
      ? `${findings.length} of ${findings.length} promises hold, ${story.transactions} transactions, ${seconds} s`
      : `${failed} of ${findings.length} promises do not hold: see FAIL above`,
  );
  return failed === 0 ? HOLDS : FAILS;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
