import type { Powers } from "./said";
import { UPGRADE } from "./said";

const TOKEN = "unit/polygon/ChildAnkrMATIC.test.ts";
const SWAP = "unit/swap/SwapPool.governed.test.ts";
const MATRIX = "unit/access/polygon.test.ts";

/** Functions of the contracts on Polygon that a role may call, by contract. */
export const ON_POLYGON: Powers = {
  ChildAnkrMATIC: {
    upgradeToAndCall: UPGRADE,
    setLimits: {
      bound:
        "lists a bridge; at most 10^30 wei on either side, which are its ceilings from then on; zeros take it off the list",
      proofs: [
        [TOKEN, "A77: is the upgrader's, after seven days: neither manager nor guardian lists a bridge"],
        [TOKEN, "A74: takes 1e30 wei on either side, and nothing above"],
        [MATRIX, "to take the bridge off the list takes the upgrader 7 days, in which what the limits allow can leave"],
      ],
    },
    setSupplyCap: {
      bound: "at most 10^30 wei; below the supply it only stops minting",
      proofs: [
        [TOKEN, "is at most 1e30 wei"],
        [TOKEN, "below the supply stops minting, and takes nothing from holders"],
        [MATRIX, "the cap on the supply, at nothing, does not keep anyone from leaving"],
      ],
    },
    setLockbox: {
      bound: "zero alone: there is no lockbox",
      proofs: [[TOKEN, "X-17: there is no lockbox: any address but zero is refused, even from the upgrader"]],
    },
    adjustLimits: {
      bound: "of a listed bridge, up to its ceilings; burning not below a tenth of its own; grants nothing at once",
      proofs: [
        [TOKEN, "A77: does not raise … above its ceiling"],
        [TOKEN, "leaves burning a tenth of its ceiling, and refuses a wei less"],
        [TOKEN, "A77: gives nothing to an account that is not listed"],
        [
          "findings/bridge/token.test.ts",
          "A75: use, lower and raise one after the other: never more than the new limit less what was used",
        ],
      ],
    },
    lowerMintingLimit: {
      bound: "downwards alone, at once; what is not minted waits; burning stays as it is",
      proofs: [
        [TOKEN, "raises nothing, not even what it lowered"],
        [TOKEN, "leaves burning as it is, by which holders leave"],
        [TOKEN, "takes not a wei of what refills for burning, in however many calls"],
      ],
    },
  },
  RatioFeed: { upgradeToAndCall: UPGRADE },
  ChildBridgeAdapter: { upgradeToAndCall: UPGRADE },
  SwapPool: {
    upgradeToAndCall: UPGRADE,
    setFee: {
      bound: "42 to 100 bps",
      proofs: [
        [SWAP, "refuses more than 1 %"],
        [SWAP, "A78: refuses less than what the rate can grow by in a day"],
      ],
    },
    setDailyLimit: {
      bound: "at most 10^30 wei; of swaps alone; grants nothing at once",
      proofs: [
        [SWAP, "logs the old and the new one, and refuses more than 1e30"],
        [SWAP, "A75: a higher one gives nothing at once, and refills at its own pace"],
        [SWAP, "of 0 pays out nothing, and stops neither staking nor balanced liquidity"],
      ],
    },
    resumeSwaps: {
      bound: "ends a pause; cannot begin one",
      proofs: [[SWAP, "the manager ends it early, and cannot end what is none"]],
    },
    pauseSwaps: {
      bound: "as `pauseStakes`, on a clock of its own; swaps and adding liquidity: removing goes on",
      proofs: [
        [SWAP, "A90: lasts a second to five days, is logged, and comes again after 30 days at the earliest"],
        ["unit/swap/SwapPool.liquidity.test.ts", "needs no rate, is never paused, and has no limit"],
      ],
    },
  },
};
