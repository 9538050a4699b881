import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";

import { checksumOf, safeBatch, writeBatch } from "../../../scripts/governance/safe";

const SAFE = "0x5e3Ef299fDDf15eAa0432E6e66473ace8c13D908";
const TO = "0x455e53CBB86018Ac2B8092FdCd39d8444aFFC3F6";

const PLAN = {
  chainId: 137n,
  time: 1_700_000_000n,
  name: "schedule it",
  description: 'a "quoted" word',
  safe: SAFE,
  calls: [{ to: TO, data: "0x12345678" }],
} as const;

describe("A batch for Safe's Transaction Builder", () => {
  it("has the fields that the builder reads, the chain as text, and no method of its own", () => {
    const { meta, ...rest } = safeBatch(PLAN);
    expect(rest).to.deep.equal({
      version: "1.0",
      chainId: "137",
      createdAt: 1_700_000_000_000,
      transactions: [{ to: TO, value: "0", data: "0x12345678", contractMethod: null, contractInputsValues: null }],
    });
    expect(meta.name).to.equal("schedule it");
    expect(meta.createdFromSafeAddress).to.equal(SAFE);
  });

  it("has the checksum of its canonical form: sorted keys first, then the values, without the name", () => {
    const batch = safeBatch(PLAN);
    const transaction =
      '{["contractInputsValues","contractMethod","data","to","value"]' + `null,null,"0x12345678","${TO}","0",}`;
    const meta =
      '{["createdFromOwnerAddress","createdFromSafeAddress","description","name","txBuilderVersion"]' +
      `"","${SAFE}","a \\"quoted\\" word",null,"1.18.0",}`;
    const form =
      '{["chainId","createdAt","meta","transactions","version"]' +
      `"137",1700000000000,${meta},[${transaction}],"1.0",}`;
    expect(batch.meta.checksum).to.equal(keccak256(toUtf8Bytes(form)));
  });

  it("can be renamed, and nothing else", () => {
    const batch = safeBatch(PLAN);
    expect(checksumOf({ ...batch, meta: { ...batch.meta, name: "another" } })).to.equal(batch.meta.checksum);
    expect(checksumOf({ ...batch, chainId: "1" })).not.to.equal(batch.meta.checksum);
    const other = [
      { to: TO, value: "1", data: "0x12345678", contractMethod: null, contractInputsValues: null },
    ] as const;
    expect(checksumOf({ ...batch, transactions: other })).not.to.equal(batch.meta.checksum);
  });

  it("is written into a directory that need not be there", async () => {
    const directory = path.join(await mkdtemp(path.join(tmpdir(), "safe-")), "batches");
    const file = await writeBatch(directory, "PolygonPool.setFee.schedule", PLAN);
    expect(file).to.equal(path.join(directory, "PolygonPool.setFee.schedule.json"));
    expect(JSON.parse(await readFile(file, "utf8"))).to.deep.equal(safeBatch(PLAN));
  });
});
