/** What room-server tells other services, each answer one snapshot of the tables. */
@NullMarked
package io.myelin.roomserver.queries;

import org.jspecify.annotations.NullMarked;
