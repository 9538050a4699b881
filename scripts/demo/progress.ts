/** Says what is being done. */
export interface Progress {
  /** A step, numbered from 1 to `of`. */
  step(number: number, of: number, text: string): void;
  /** Nothing more follows. */
  end(): void;
}

const BAR = 24;

/** One line that is written anew where someone watches, a line for each step elsewhere. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  if (!stream.isTTY) {
    return {
      step: (number, of, text) => {
        stream.write(`${seconds()} s  ${String(number).padStart(2)}/${of}  ${text}\n`);
      },
      end: () => undefined,
    };
  }
  return {
    step: (number, of, text) => {
      const full = Math.round((BAR * number) / of);
      const line = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${seconds()} s  ${text}`;
      stream.write(`\r\u001b[2K${line.slice(0, Math.max(stream.columns - 1, BAR))}`);
    },
    end: () => {
      stream.write("\r\u001b[2K");
    },
  };
}
