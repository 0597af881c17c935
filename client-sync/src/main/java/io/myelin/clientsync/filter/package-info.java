/** What clients want to see. Client-server API, "Filtering". */
@NullMarked
package io.myelin.clientsync.filter;

import org.jspecify.annotations.NullMarked;
