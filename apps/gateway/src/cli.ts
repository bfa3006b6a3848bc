import './v8-flags.ts';
import { main } from './main.ts';

export { main };

// Importing this module is running the command: that is what `bin/x-gateway.js` and `npm start` do.
const code = await main(process.argv.slice(2));
// Not `process.exit`: a gateway that has started goes on, and output must be written to its end.
if (code !== 0) process.exitCode = code;
