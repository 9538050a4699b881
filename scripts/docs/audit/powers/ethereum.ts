import type { Powers } from "./said";
import { UPGRADE } from "./said";

const BOUNDS = "unit/access/bounds.test.ts";
const POWERS = "integration/powers.test.ts";
const WEIGHTS = "unit/delegator/weights.test.ts";
const POSITIONS = "unit/delegator/positions.test.ts";
const SWITCHER = "unit/legacy/BondSwitcher.governed.test.ts";
const SWITCH_LIMITS = "unit/legacy/BondSwitcher.limits.test.ts";
const BRIDGE = "unit/bridge/BridgeAdapter.governed.test.ts";

/** Functions of the contracts on Ethereum that a role may call, by contract. */
export const ON_ETHEREUM: Powers = {
  AnkrMATIC: { upgradeToAndCall: UPGRADE },
  PolygonPool: {
    upgradeToAndCall: UPGRADE,
    setFee: {
      bound: "at most 1,000 bps; what was earned is harvested at the old fee first",
      proofs: [
        [BOUNDS, "the fee: 0 to 1,000 bps"],
        ["findings/fees/fees.test.ts", "A47: the fee has a bound that no role can pass, and a delay"],
        ["findings/fees/fees.test.ts", "A47: a new fee is taken on rewards that are earned from then on"],
      ],
    },
    setAssetCap: {
      bound: "whole POL, at most 10^30 wei; below the present total it only stops new stakes",
      proofs: [
        [POWERS, "sets no asset cap that is not whole POL, or above 10^30 wei"],
        [
          "unit/pool/deposit-limits.test.ts",
          "a cap that governance lowers below the assets shuts the way in and no other",
        ],
      ],
    },
    resumeStakes: {
      bound: "ends a pause; cannot begin one",
      proofs: [[POWERS, "cannot begin a pause, but ends one"]],
    },
    pauseStakes: {
      bound: "at most 5 days, ends by itself, not again for 30 days after, whoever the guardian is; new stakes alone",
      proofs: [
        ["unit/access/matrix.test.ts", "cannot pause for longer than 5 days, nor again within 30 days"],
        ["unit/access/matrix.test.ts", "A45, A90: pauses neither requests, nor batches, nor claims, nor upkeep"],
        [
          "unit/shared/SelfEndingPause.test.ts",
          "A90: leaves at least 30 days of 35 without a pause, whatever the pauser does",
        ],
      ],
    },
  },
  Delegator: {
    upgradeToAndCall: UPGRADE,
    addPosition: {
      bound: "ids from 8, with a share contract that StakeManager names; at most 64 positions; without weight",
      proofs: [
        [BOUNDS, "a position: a validator with a share contract, that is none yet, and is not one of the first seven"],
        [POSITIONS, "registers the share contract that StakeManager names now, with no weight"],
        [POSITIONS, "refuses the 65th, until one is removed"],
      ],
    },
    removePosition: {
      bound: "without stake, weight, and sales on their way",
      proofs: [[POSITIONS, "refuses a position with a weight, with stake, or with sales on their way"]],
    },
    setWeights: {
      bound: "sum 10,000; each weight at most its cap, each cap at most `MAX_SHARE_BPS`; moves no stake",
      proofs: [
        [WEIGHTS, "wants weights that sum to 10,000"],
        [WEIGHTS, "lets no cap exceed the constitutional maximum, and no weight its cap"],
      ],
    },
    setMaxCommission: {
      bound: "at most 100 percent",
      proofs: [[WEIGHTS, "refuses more, and anyone but the manager"]],
    },
    setDeadSliceTime: {
      bound: "1 to 30 days",
      proofs: [[WEIGHTS, "refuses anything else, and anyone but the manager"]],
    },
  },
  AMATICb: { upgradeToAndCall: UPGRADE },
  BondSwitcher: {
    upgradeToAndCall: UPGRADE,
    setFee: {
      bound: "at most 100 bps; of the next switches alone",
      proofs: [
        [SWITCHER, "setFee takes nothing above 1 %"],
        [SWITCHER, "setFee changes the fee of the next switch, and tells"],
      ],
    },
    setCap: {
      bound:
        "below 2^96 shares; below what was switched it only stops new switches, and what was counted never comes back",
      proofs: [
        [SWITCHER, "… takes any number of shares below 2^96, and tells"],
        [SWITCH_LIMITS, "lowered below what was switched stops new switches, and takes nothing back"],
        [SWITCH_LIMITS, "A51: raised gives what it was raised by, beyond what was switched ever"],
      ],
    },
    setDailyLimit: {
      bound:
        "below 2^96 shares; from one limit to another what is available never rises; 0 removes it, and the next one " +
        "starts full",
      proofs: [
        [SWITCHER, "… takes any number of shares below 2^96, and tells"],
        [SWITCH_LIMITS, "raised grants nothing at once, and refills at the new pace"],
        [SWITCH_LIMITS, "raised while it is full grants nothing at once either"],
        [SWITCH_LIMITS, "set again where there was none starts full"],
      ],
    },
    resumeSwitches: {
      bound: "ends a pause; cannot begin one",
      proofs: [[SWITCHER, "is ended early by the manager, who cannot begin one"]],
    },
    pauseSwitches: {
      bound: "as `pauseStakes`, on a clock of its own; switches alone: unstaking and transfers of aMATICb go on",
      proofs: [
        [SWITCHER, "is at least a second, and at most 5 days"],
        [SWITCHER, "cannot begin again before 30 days from its end, by itself or early"],
        [SWITCHER, "A45: leaves every other way: unstaking by bonds and by shares, transfers of both, approvals"],
      ],
    },
  },
  BridgeAdapter: {
    upgradeToAndCall: UPGRADE,
    setLockCap: {
      bound: "below 2^96; stops deposits alone",
      proofs: [
        [BRIDGE, "takes any number of shares below 2^96, and tells"],
        [
          "unit/bridge/BridgeAdapter.bridge.test.ts",
          "lowered below what is locked stops deposits, and takes nothing back",
        ],
      ],
    },
    setReleaseLimit: {
      bound: "from `RELEASE_FLOOR`, a tenth of the ceiling, to `RELEASE_CEILING`; grants nothing at once",
      proofs: [
        [BRIDGE, "moves between the floor and the ceiling, and tells"],
        [BRIDGE, "up gives nothing at once, and down bites at once"],
      ],
    },
    resumeBridging: {
      bound: "ends a pause; cannot begin one",
      proofs: [[BRIDGE, "is told with who set it, and ended early by the manager alone"]],
    },
    pauseBridging: {
      bound: "as `pauseStakes`, on a clock of its own; deposits alone: releases go on",
      proofs: [
        [BRIDGE, "is at least a second and at most 5 days"],
        [BRIDGE, "cannot begin again before 30 days from its end"],
        [
          "unit/bridge/BridgeAdapter.receiveMessage.test.ts",
          "A45: cannot be paused: not by a pause of deposits, a cap of nothing, nor the lowest limit",
        ],
      ],
    },
    lowerReleaseLimit: {
      bound: "downwards alone, not below `RELEASE_FLOOR`",
      proofs: [
        [BRIDGE, "is the guardian's at once, down to the floor and not below, and tells"],
        [BRIDGE, "cannot raise it, not by a wei, and not back to what it was"],
      ],
    },
  },
};
