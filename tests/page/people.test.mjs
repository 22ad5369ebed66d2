import assert from "node:assert/strict";
import { test } from "node:test";
import { openQuestions, outBy, toldOf, uidQuestions } from "../../web/model/people.js";

const questions = [...uidQuestions([["b", "a", "c"]]), { key: "k", kind: "names", inputs: [["a"], ["d", "e"]] }];

test("a question of one UID is the same in whatever order its files came", () => {
  assert.equal(uidQuestions([["a", "c", "b"]])[0].key, questions[0].key);
});

test("of files with one UID only the one that is right stays; no answer leaves nobody out", () => {
  assert.deepEqual([...outBy(questions, {})], []);
  assert.deepEqual([...outBy(questions, { [questions[0].key]: "a" })], ["b", "c"]);
  assert.deepEqual([...outBy(questions, { [questions[0].key]: "out", k: "out" })], ["b", "a", "c"]);
});

test("a question is open until it has an answer", () => {
  const people = { questions, choices: { k: "same" }, checked: true };
  assert.deepEqual(openQuestions({ people }).map(({ kind }) => kind), ["uid"]);
});

test("the log tells of sides and decisions, not of files or keys", () => {
  assert.deepEqual(toldOf(questions[1], "different"), { kind: "names", sides: 2, instances: 3, decision: "different" });
  assert.deepEqual(toldOf(questions[0], "a"), { kind: "uid", sides: 3, instances: 3, decision: "kept 2" });
  assert.equal(JSON.stringify(questions.map((one) => toldOf(one, "c"))).includes("uid b"), false);
});
