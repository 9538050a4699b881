import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

/** Structured log: one JSON object a line. */
export type Log = Logger;

/** Levels that can be chosen, from the most to the least talkative. */
export const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** A log to standard output, or elsewhere. Money is written as a decimal number in quotes, as JSON has no large numbers. */
export function openLog(level: (typeof LEVELS)[number], to?: DestinationStream): Log {
  const options = {
    level,
    base: undefined,
    timestamp: (): string => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(line).map(([key, value]) => [key, typeof value === "bigint" ? value.toString() : value]),
        ),
    },
  };
  return to === undefined ? pino(options) : pino(options, to);
}
