/** What is made of EBS' answers: whole pages, right checksums. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { EBSClient } from "@aws-sdk/client-ebs";
import { blocksOf } from "../../../snapshots/blocks/ebs";
import { StaleTokenError } from "../../../snapshots/blocks/source";
import { PhonySnapshot } from "./phonySnapshot";

const ID = "snap-0123456789abcdef0";
const DATA = PhonySnapshot.bytes(3);
const CHECKSUM = createHash("sha256").update(DATA).digest("base64");

/** A client that gives these answers, one after the other, and keeps what it was asked. */
function answering(...answers: unknown[]) {
  const asked: object[] = [];
  const send = async ({ input }: { input: object }) => {
    asked.push(input);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { blocks: blocksOf(ID, { send } as unknown as EBSClient), asked };
}

const block = (data: Buffer, Checksum = CHECKSUM) => ({
  BlockData: { transformToByteArray: async () => data },
  Checksum,
});

describe("the blocks of EBS", () => {
  it("are listed from an index on, whether more follow or not", async () => {
    const Blocks = [{ BlockIndex: 7, BlockToken: "a" }];
    const { blocks, asked } = answering({ Blocks, NextToken: "next" }, { Blocks: [] });
    assert.deepEqual(await blocks.list(5), { blocks: [{ index: 7, token: "a" }], more: true });
    assert.deepEqual(await blocks.list(8), { blocks: [], more: false });
    assert.deepEqual(asked[0], {
      ...{ SnapshotId: ID, MaxResults: 1000, StartingBlockIndex: 5, NextToken: undefined },
    });
  });

  it("are looked for on the next page where one is empty", async () => {
    const Blocks = [{ BlockIndex: 9, BlockToken: "a" }];
    const { blocks, asked } = answering({ Blocks: [], NextToken: "next" }, { Blocks });
    assert.deepEqual(await blocks.list(5), { blocks: [{ index: 9, token: "a" }], more: false });
    assert.equal((asked[1] as { NextToken?: string }).NextToken, "next");
  });

  it("are asked for again where the checksum is wrong, or bytes are missing", async () => {
    const { blocks, asked } = answering(
      block(Buffer.alloc(DATA.length)),
      block(DATA.subarray(1)),
      block(DATA),
    );
    assert.ok((await blocks.get(3, "token")).equals(DATA));
    assert.equal(asked.length, 3);
  });

  it("are told as changed on the way where it stays wrong", async () => {
    const wrong = block(Buffer.alloc(DATA.length));
    const { blocks } = answering(wrong, wrong, wrong);
    await assert.rejects(blocks.get(3, "token"), {
      message: /^snap-0123456789abcdef0: block 3 came 3 times with another SHA-256 than EBS gives for it/,
    });
  });

  it("want another token where theirs has expired, and tell every other refusal as it is", async () => {
    const refusal = (Reason: string) => Object.assign(new Error("no"), { Reason });
    const { blocks } = answering(refusal("INVALID_BLOCK_TOKEN"), refusal("INVALID_BLOCK"));
    await assert.rejects(blocks.get(3, "token"), StaleTokenError);
    await assert.rejects(blocks.get(3, "token"), { Reason: "INVALID_BLOCK" });
  });
});
