// Loaded before a client whose host is fixed: its calls go to CASEWELL_ADDRESS instead. Method,
// path, headers and body stay as the client wrote them, but for the host's own name.
"use strict";

const http = require("node:http");
const https = require("node:https");

const FIXED = /^api(\.\w{2}\d{1,2})?\.cliniko\.com$/;
const site = new URL(process.env.CASEWELL_ADDRESS);
const asWritten = https.request;

https.request = function (options, ...rest) {
  if (!FIXED.test(options.hostname || options.host)) {
    return asWritten.call(https, options, ...rest);
  }
  const headers = { ...options.headers };
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === "host") delete headers[name];
  }
  headers.host = site.host;
  const there = { protocol: "http:", host: site.hostname, hostname: site.hostname };
  return http.request(
    { ...options, ...there, port: site.port, agent: undefined, headers },
    ...rest,
  );
};
