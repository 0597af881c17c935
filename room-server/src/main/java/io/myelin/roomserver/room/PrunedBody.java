package io.myelin.roomserver.room;

/** @param body what a redaction leaves of the event of this number */
public record PrunedBody(long event, byte[] body) {}
