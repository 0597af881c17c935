/** The queries that room-server answers for other services, each from one snapshot of the tables. */
@NullMarked
package io.myelin.roomserver.queries;

import org.jspecify.annotations.NullMarked;
