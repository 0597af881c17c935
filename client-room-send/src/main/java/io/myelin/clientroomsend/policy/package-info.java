/** Has events signed by their rooms' policy servers before they are sent. Server-server API, "Policy Servers". */
@NullMarked
package io.myelin.clientroomsend.policy;

import org.jspecify.annotations.NullMarked;
