import { expect } from "chai";
import { Interface } from "ethers";

import { refusalOf } from "../../../scripts/governance/operation";
import { reasonOf, revertData } from "../../../scripts/lib/reverts";
import { failureOf } from "../../support/failures";

const abi = new Interface(["error FeeOutOfBounds(uint256 bps, uint256 maximum)", "error Error(string)"]);
const data = abi.encodeErrorResult("FeeOutOfBounds", [1_001n, 1_000n]);

describe("What a contract answered when it refused", () => {
  it("is found however deep a node wraps it", () => {
    expect(revertData({ data })).to.equal(data);
    expect(revertData({ info: { error: { data: { data } } } })).to.equal(data);
    expect(revertData(new Error("the line is down"))).to.equal(undefined);
    expect(revertData({ data: null })).to.equal(undefined);
  });

  it("is told in its own words", () => {
    expect(reasonOf(data, [abi])).to.equal("FeeOutOfBounds(1001, 1000)");
    expect(reasonOf(abi.encodeErrorResult("Error", ["no"]), [])).to.equal("no");
    expect(reasonOf("0x", [abi])).to.equal("it gave no reason");
    expect(reasonOf("0x12345678", [abi])).to.equal("an error that none of its contracts has, 0x12345678");
  });

  it("is told apart from a node that cannot be asked", async () => {
    const node = { send: async () => Promise.reject(new Error("too many arguments")) };
    const call = { to: `0x${"1".repeat(40)}`, data: "0x12345678" };
    expect(await failureOf(refusalOf(node, `0x${"2".repeat(40)}`, call, [abi]))).to.equal(
      "The node cannot try the call out (eth_call with an override of state): too many arguments. Ask another node",
    );
  });
});
