import { expect } from "chai";
import { makeError } from "ethers";

import { messageOf } from "../../../scripts/lib/amounts";

describe("messageOf", () => {
  it("is what the node said, where ethers could make nothing of it", () => {
    const said = { code: -32_003, message: "transaction already imported" };
    const error = makeError("could not coalesce error", "UNKNOWN_ERROR", { error: said, payload: {} });
    expect(messageOf(error)).to.equal("transaction already imported");
  });

  it("is ethers' own words where the node said none", () => {
    const error = makeError("could not coalesce error", "UNKNOWN_ERROR", { error: { code: -32_003 } });
    expect(messageOf(error)).to.equal("could not coalesce error");
  });

  it("is the short one of two messages", () => {
    const error = makeError("nonce too low", "NONCE_EXPIRED", { transaction: {}, info: { more: "words" } });
    expect(error.message).to.contain("words");
    expect(messageOf(error)).to.equal("nonce too low");
  });

  it("is the message of any other error, and whatever else was thrown as a text", () => {
    expect(messageOf(new Error("the node is down"))).to.equal("the node is down");
    expect(messageOf("down")).to.equal("down");
    expect(messageOf(undefined)).to.equal("undefined");
  });
});
