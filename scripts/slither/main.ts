// `npm run slither`
import { runSlitherCommand } from "./cli";

process.exitCode = runSlitherCommand(process.argv.slice(2));
