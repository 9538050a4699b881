/** The message that a call fails with; fails itself if the call does not. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error(`it should have failed and returned ${JSON.stringify(result)}`);
}
