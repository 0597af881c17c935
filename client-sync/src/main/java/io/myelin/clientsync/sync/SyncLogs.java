package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.LogReader;

/** The logs that answers are made of. */
public record SyncLogs(LogReader rooms, LogReader accounts, LogReader receipts) {}
