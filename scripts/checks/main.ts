// Checks of the sources that no linter has: `npm run lint` runs them after solhint and eslint.
import { checkErrorsOnce } from "./errors-once";
import { checkEvents } from "./events";
import { checkImports } from "./imports";
import { checkInterfaces } from "./interfaces";
import { checkNatSpec } from "./natspec";
import { runChecks } from "./report";
import { checkSettings } from "./settings";
import { checkSlots } from "./slots";
import { checkStyle } from "./style";
import { checkTypeScript } from "./typescript";
import { checkWarnings } from "./warnings";

void runChecks({
  "settings: one compiler, one set of options": checkSettings,
  "warnings: our own contracts compile without any": checkWarnings,
  "imports: rooms and doors": checkImports,
  "style: order, names and sizes": checkStyle,
  "natspec: everything external is explained": checkNatSpec,
  "errors: declared once": checkErrorsOnce,
  "slots: ERC-7201 roots recomputed": checkSlots,
  "interfaces: equal to their implementations": checkInterfaces,
  "events: one for each change of state": checkEvents,
  "typescript: directions and test names": checkTypeScript,
});
