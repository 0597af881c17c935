/**
 * The identifiers of Matrix as records: server names, user IDs, room IDs, room aliases and event IDs. Text from outside
 * becomes one through {@code parse} or {@code tryParse}, which hold it to the grammar of the specification's appendices;
 * the constructors check nothing, so that reading our own tables and topics costs nothing.
 */
@NullMarked
package io.myelin.matrix.id;

import org.jspecify.annotations.NullMarked;
