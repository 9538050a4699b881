import type { Proof } from "../proofs";

/** A right that no role gives. */
export interface Right {
  readonly who: string;
  /** Functions by contract; of all contracts that have it under `*`. */
  readonly functions: Readonly<Record<string, readonly string[]>>;
  /** What it is, where that is more than to call the functions. */
  readonly may?: string;
  /** Error with which anyone else is refused. */
  readonly refusal?: string;
  readonly bound: string;
  readonly proofs: readonly Proof[];
}

/** Rights of contracts and accounts, by what they are. */
export const RIGHTS: readonly Right[] = [
  {
    who: "the pool",
    functions: { AnkrMATIC: ["mint", "burn"] },
    refusal: "NotPool",
    bound: "against assets received in the same call; from the caller, or with its allowance",
    proofs: [
      ["unit/token/AnkrMATIC.test.ts", "Polygon-2, A01, A02: are the pool's alone: no role can mint or burn"],
      [
        "findings/findings-2022.test.ts",
        "Polygon-2: shares are made for assets of the same call alone, and burnt by their owner's will alone",
      ],
    ],
  },
  {
    who: "the pool",
    functions: { Delegator: ["credit", "fund", "finalize", "delegate", "harvest", "skim", "sync"] },
    refusal: "NotPool",
    bound: "POL goes to the pool and to Polygon's contracts alone",
    proofs: [["unit/delegator/weights.test.ts", "are the pool's alone"]],
  },
  {
    who: "a controller, and the operators that it appointed with `setOperator`",
    functions: { PolygonPool: ["redeem", "withdraw", "claim", "claimInMatic", "claimLate"] },
    refusal: "NotController",
    bound: "requests of that controller, to any receiver; an operator of an owner may also request with its shares",
    proofs: [
      [
        "unit/pool/operator.test.ts",
        "S7540-20: an operator may request with all of the owner's shares and claim them to anyone",
      ],
      ["unit/pool/operator.test.ts", "takes the power away at once when the controller stops its operator"],
      ["unit/pool/claim.test.ts", "X-2: refuses a stranger, who cannot push a payment on anyone"],
    ],
  },
  {
    who: "anyone, for a controller that appointed `AutoClaim`",
    functions: { AutoClaim: ["claim"] },
    bound: "pays that controller",
    proofs: [
      ["unit/claims/AutoClaim.test.ts", "S7540-20: has one function, which pays the controller that is named"],
      ["unit/claims/AutoClaim.test.ts", "fails for a controller that did not choose it, or chose it no more"],
    ],
  },
  {
    who: "`AMATICb`, the legacy bond",
    functions: {},
    may: "`PolygonPool.requestRedeem` of its own shares, for any controller",
    bound: "its own shares alone; its code names its own caller, and nobody else",
    proofs: [
      ["unit/pool/redeem-request.test.ts", "gives nobody but the bond itself that liberty, with the bond's shares"],
      [
        "unit/legacy/AMATICb.unstake.test.ts",
        "is one call of the pool, whose controller and receiver of the request is the caller",
      ],
    ],
  },
  {
    who: "`BondSwitcher`",
    functions: { AMATICb: ["releaseBonds", "releaseShares"] },
    refusal: "NotSwitcher",
    bound:
      "within the allowance that the holder gave it; its code releases its own caller's alone, within cap and daily limit, " +
      "to a receiver that the caller names and, at most 1 %, to the treasury",
    proofs: [
      [
        "unit/legacy/AMATICb.release.test.ts",
        "are the switcher's alone: no role, and no holder with an allowance, can call them",
      ],
      ["unit/legacy/AMATICb.release.test.ts", "A02: burn nothing of a holder who gave the switcher no allowance"],
      [
        "findings/switcher/switcher.test.ts",
        "A51: stolen aMATICb leaves no faster than the daily limit, and a pause stops it",
      ],
    ],
  },
  {
    who: "anyone who pays",
    functions: { AMATICb: ["mintGenesis"] },
    bound:
      "batches of the list that was fixed at the deployment, each once, against as many ankrMATIC of the caller; nothing " +
      "from the last one on",
    proofs: [
      ["unit/legacy/GenesisSeal.test.ts", "A01, Polygon-2: before it, nothing but a batch of the list raises them"],
      [
        "unit/legacy/GenesisSeal.test.ts",
        "A01, A50, Polygon-2: behind it, no call of any function by anyone raises the shares",
      ],
    ],
  },
  {
    who: "anyone with a proof",
    functions: { BridgeAdapter: ["receiveMessage"] },
    bound:
      "withdrawals of the end on Polygon that are in a checkpoint, each once, within what is locked and a day's limit",
    proofs: [
      ["findings/bridge/up.test.ts", "A58: not that of another contract, which sends the very same message"],
      ["findings/bridge/up.test.ts", "A57: a withdrawal is paid along one of 256 paths to it, once"],
      [
        "unit/bridge/BridgeAdapter.receiveMessage.test.ts",
        "all that is locked, and not a wei more, in any number of messages",
      ],
    ],
  },
  {
    who: "FxChild",
    functions: { ChildBridgeAdapter: ["processMessageFromRoot"] },
    refusal: "NotFxChild",
    bound: "messages of the end on Ethereum, each once",
    proofs: [
      [
        "unit/polygon/ChildBridgeAdapter.test.ts",
        "A12, A67: messages come from FxChild alone: from no role, no user, not from StateReceiver itself",
      ],
      [
        "unit/polygon/ChildBridgeAdapter.test.ts",
        "A12: a message of anyone but the peer is refused, and stays refused",
      ],
    ],
  },
  {
    who: "`ChildBridgeAdapter`",
    functions: { RatioFeed: ["push"] },
    refusal: "NotAdapter",
    bound:
      "newer rates alone; lower with a new loss alone; higher by a doubling in a year at most, half a day of it saved up",
    proofs: [
      ["unit/polygon/RatioFeed.test.ts", "A12, A95: only the adapter pushes: no role, no stranger"],
      [
        "findings/bridge/feed.test.ts",
        "A95: an adapter gone bad raises it by less than the swap's fee in a day, by however many messages",
      ],
    ],
  },
  {
    who: "bridges that the upgrader listed; at the deployment `ChildBridgeAdapter` alone",
    functions: { ChildAnkrMATIC: ["mint", "burn"] },
    refusal: "IXERC20_NotHighEnoughLimits",
    bound: "its daily limits, each on its own, and the cap on the supply; burns of others' take their allowance",
    proofs: [
      ["findings/bridge/token.test.ts", "A77: it mints its limit in a day and no more, in any pieces"],
      [
        "findings/bridge/token.test.ts",
        "A77: in 30 days it mints the cap on the supply and no more, whatever its limit",
      ],
      ["findings/bridge/token.test.ts", "A77: it takes nothing from a holder who gave it no allowance"],
    ],
  },
  {
    who: "the wrapped native token",
    functions: {},
    may: "send native tokens to `SwapPool`",
    bound: "when the pool unwraps them; anyone else is refused",
    proofs: [["unit/swap/SwapPool.test.ts", "takes none but from the wrapped token"]],
  },
  {
    who: "the deployer",
    functions: { DeploymentFactory: ["deploy", "close"] },
    refusal: "NotDeployer",
    bound: "until `finishSystem`, as all roles; nothing from then on",
    proofs: [
      ["integration/powers.test.ts", "holds no role after the hand-over, and the factory is closed"],
      ["unit/deploy/bridge.test.ts", "A84: the deployer has no role and no right to call anything, on either chain"],
      ["unit/deploy/bridge.test.ts", "both factories are closed, so that nothing more can be put at their addresses"],
    ],
  },
  {
    who: "the AccessManager, when the upgrader calls its `updateAuthority`",
    functions: { "*": ["setAuthority"] },
    refusal: "AccessManagedUnauthorized",
    bound: "7 days",
    proofs: [["behaviors/UUPS.behavior.ts", "is under the manager's authority, which it alone can change"]],
  },
  {
    who: "nobody: it ran when the proxy was made, and implementations are locked",
    functions: { "*": ["initialize"] },
    refusal: "InvalidInitialization",
    bound: "",
    proofs: [
      ["behaviors/UUPS.behavior.ts", "S1967-3: the proxy cannot be initialized again"],
      ["behaviors/UUPS.behavior.ts", "S1822-3: the implementation cannot be upgraded or initialized itself"],
    ],
  },
  {
    who: "who scheduled a call, and the upgrader; of the manager's calls the guardian, too",
    functions: { AccessManager: ["cancel"] },
    bound: "not of the upgrader's by the guardian: AccessManager locks its admin role",
    proofs: [
      ["unit/access/matrix.test.ts", "nobody else cancels it but the manager itself and the upgrader"],
      ["integration/powers.test.ts", "cancels what the manager scheduled, and no stranger does"],
      ["unit/access/matrix.test.ts", "the guardian cannot cancel an upgrade"],
    ],
  },
  {
    who: "who may call the function itself",
    functions: { AccessManager: ["schedule", "execute", "consumeScheduledOp"] },
    bound: "after the delay of its role, and within a week from then on",
    proofs: [
      ["unit/access/matrix.test.ts", "the manager waits a day"],
      ["integration/powers.test.ts", "waits a day for each of its functions"],
    ],
  },
];

/** Functions that nobody has to be allowed to call: for what is the caller's, or was allowed to it, and for what is all's. */
export interface Open {
  readonly own?: readonly string[];
  readonly anyone?: readonly string[];
}

const TOKEN = ["transfer", "transferFrom", "approve"] as const;

/** The rest of what changes state, by contract. */
export const OPEN: Readonly<Record<string, Open>> = {
  AccessManager: { own: ["renounceRole", "multicall"] },
  AnkrMATIC: { own: [...TOKEN, "permit"] },
  PolygonPool: {
    own: [
      ...["deposit", "depositWithPermit", "mint", "stake", "stakeMatic", "stakeAndClaimCerts"],
      ...["requestRedeem", "unstakeCerts", "setOperator"],
    ],
    anyone: ["delegate", "harvest", "skim", "sync", "settleBatch", "continueBatch", "finalizeBatch"],
  },
  Delegator: { anyone: ["rebalance", "evacuate"] },
  AMATICb: { own: [...TOKEN, "permit", "transferShares", "transferSharesFrom", "unstakeBonds", "unstakeShares"] },
  BondSwitcher: {
    own: [
      ...["switchBonds", "switchShares", "switchUpTo"],
      ...["switchBondsWithPermit", "switchSharesWithPermit", "switchUpToWithPermit"],
    ],
  },
  BridgeAdapter: { own: ["bridge", "bridgeWithPermit"], anyone: ["syncRate", "payPending"] },
  ChildBridgeAdapter: { own: ["withdraw", "withdrawWithPermit"], anyone: ["payPending"] },
  ChildAnkrMATIC: { own: [...TOKEN, "permit"] },
  SwapPool: {
    own: [
      ...TOKEN,
      ...["stake", "stakeFor", "stakeWrapped", "unstake", "unstakeFor", "unstakeWrapped", "unstakeWithPermit"],
      ...["addLiquidity", "removeLiquidity", "removeLiquidityWrapped"],
    ],
  },
  AprOracle: { anyone: ["snapshot"] },
};
