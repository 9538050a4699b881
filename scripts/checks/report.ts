/** A check answers with what is wrong, one line each; an empty answer is a pass. */
export type Check = () => Promise<string[]>;

/** Runs the checks, prints what they found, and makes the process fail if there is anything. */
export async function runChecks(checks: Readonly<Record<string, Check>>): Promise<void> {
  for (const [name, check] of Object.entries(checks)) {
    const problems = await check();
    if (problems.length === 0) {
      console.log(`ok    ${name}`);
      continue;
    }
    process.exitCode = 1;
    console.error(`FAIL  ${name}`);
    for (const problem of problems) console.error(`      ${problem}`);
  }
}
