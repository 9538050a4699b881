import type { ParamType } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

/** Contracts behind proxies, of both chains. */
export const UPGRADEABLE = [
  ...(["AnkrMATIC", "PolygonPool", "Delegator", "AMATICb", "BondSwitcher", "BridgeAdapter"] as const),
  ...(["ChildAnkrMATIC", "RatioFeed", "ChildBridgeAdapter", "SwapPool"] as const),
] as const;

const SOMEWHERE = "0x000000000000000000000000000000000000dEaD";

/** Any arguments that a constructor takes: what is checked is the code. */
export function anyArguments(inputs: readonly ParamType[]): unknown[] {
  return inputs.map(({ baseType, components }) => {
    if (baseType === "tuple") return anyArguments(components ?? []);
    return baseType === "address" ? SOMEWHERE : 1n;
  });
}

/** What OpenZeppelin's upgrade checks find in each implementation; empty if all are safe behind a proxy. */
export async function upgradeProblems(
  { ethers, upgrades }: Pick<HardhatRuntimeEnvironment, "ethers" | "upgrades">,
  names: readonly string[] = UPGRADEABLE,
): Promise<string[]> {
  const problems: string[] = [];
  for (const name of names) {
    const code = await ethers.getContractFactory(name);
    const options = { kind: "uups" as const, constructorArgs: anyArguments(code.interface.deploy.inputs) };
    try {
      await upgrades.validateImplementation(code, options);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}
