// The phone: one order at a time, with or without a signal.
import { start } from "./app.js";

start();
