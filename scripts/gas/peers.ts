/** Gas of one operation in systems that do the same; a string says why there is no number. */
export interface PeerFigures {
  readonly operation: string;
  readonly validators: number;
  readonly use: "first" | "later";
  readonly sPOL: number | string;
  readonly maticX: number | string;
  readonly stMATIC: number | string;
  readonly firstGeneration: number | string;
}

/** What was measured, by source commit. The first generation's compiler settings are assumed. */
export const PEERS = {
  sPOL: "f75b1b4",
  maticX: "b27e328",
  stMATIC: "5820d07",
  firstGeneration: "pool R7 with bond R7",
} as const;

type Row = readonly [
  operation: string,
  validators: number,
  use: "first" | "later",
  sPOL: number | string,
  maticX: number | string,
  stMATIC: number | string,
  firstGeneration: number | string,
];

/**
 * Receipts' gasUsed on Polygon's own staking contracts, local chain, each with its own compiler settings (200 runs), a
 * checkpoint's rewards pending before each call.
 */
const ROWS: readonly Row[] = [
  ["deposit", 1, "first", 296_211, 354_053, 258_205, 189_377],
  ["deposit", 20, "first", 297_121, 867_258, 1_273_496, 189_377],
  ["deposit", 1, "later", 279_111, 319_853, 206_905, "127,987 to 189,377"],
  ["deposit", 20, "later", 280_021, 833_058, 1_222_196, "127,987 to 189,377"],
  ["depositWithPermit", 5, "first", 332_071, "none", "none", "none"],
  ["stakeAndClaimCerts", 5, "later", "none", 507_852, 420_386, 205_643],
  ["requestRedeem", 1, "later", 422_600, 479_677, 676_670, 182_874],
  ["requestRedeem", 20, "later", 422_140, 1_161_091, 2_716_831, 182_874],
  ["settleBatch selling 60 % of the pool", 20, "first", 3_917_487, 4_120_921, 5_775_100, "no validators"],
  ["claim", 20, "later", 163_270, 166_803, 638_374, 104_074],
  ["finalizeBatch of 60 % of the pool", 20, "later", 1_044_485, 2_054_568, 1_990_532, "none"],
  ["harvest of all", 20, "later", 2_958_112, 2_330_649, 6_102_527, 44_875],
  ["delegate to 5", 20, "later", "no buffer", "no buffer", 4_803_005, "none"],
  ["rateRead", 20, "later", 22_883, 581_224, 1_121_038, 25_330],
  ["transfer", 5, "later", 39_445, 41_737, 41_858, 41_803],
  ["AMATICb.transfer", 5, "later", "none", "none", "none", 46_038],
  ["switchBonds", 5, "later", "none", "none", "none", 88_154],
  ["claim of 500 matured requests", 5, "later", 21_409_622, 500 * 181_683, 500 * 291_678, "none"],
  ["claim after 1,000 deposits", 1, "later", "flat", "flat", "flat", 2_655_520],
];

export const PEER_FIGURES: readonly PeerFigures[] = ROWS.map(
  ([operation, validators, use, sPOL, maticX, stMATIC, firstGeneration]) => ({
    operation,
    validators,
    use,
    sPOL,
    maticX,
    stMATIC,
    firstGeneration,
  }),
);
