// Speaks for one of the clients: each line of the input is a list of [method, arguments], called
// one after the other; each line of the output is what the last of them gave, or how it failed.
"use strict";

const readline = require("node:readline");

const made = {
  cliniko: (key) => {
    const { Cliniko } = require("cliniko");
    // As somebody has it who pages through all and wants ids in place of links.
    return new Cliniko({ api_key: key, user_agent: "Example (dev@example.com)", delink: true });
  },
  "cliniko-api-client": (key) => {
    const { ClinikoClient } = require("cliniko-api-client");
    return new ClinikoClient(key, `${process.env.CASEWELL_ADDRESS}/v1`, "dev@example.com");
  },
};

console.log = console.error; // what clients say is for people

// JSON has no dates; {"date": "2026-03-03T01:00:00Z"} is one.
function revived(_, value) {
  const isDate = value && typeof value === "object" && Object.keys(value).join() === "date";
  return isDate ? new Date(value.date) : value;
}

async function called(client, chain) {
  let one = client;
  for (const [method, args] of chain) one = await one[method](...args);
  return one;
}

function failure(error) {
  const { response = {} } = error;
  const status = error.statusCode || response.status || null;
  return { failed: { status, name: error.name, said: response.data ?? null } };
}

async function main() {
  const client = made[process.env.CASEWELL_CLIENT](process.env.CASEWELL_KEY);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await called(client, JSON.parse(line, revived)).then(
      (gave) => ({ gave: gave === undefined ? null : gave }),
      failure,
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main();
