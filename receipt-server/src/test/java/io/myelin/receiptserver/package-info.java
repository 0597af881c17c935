/** The service on real engines, and the rules of its architecture. */
@NullMarked
package io.myelin.receiptserver;

import org.jspecify.annotations.NullMarked;
