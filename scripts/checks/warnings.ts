import { loadArtifacts } from "./build";

/** What the compiler has to say about our own sources, as they were last compiled. */
export async function checkWarnings(): Promise<string[]> {
  const messages = (await loadArtifacts("contracts")).flatMap(({ build, sourceName }) =>
    (build.output.errors ?? [])
      .filter(({ sourceLocation }) => sourceLocation?.file === sourceName)
      .map(({ formattedMessage }) => formattedMessage.trim()),
  );
  return [...new Set(messages)];
}
