@NullMarked
package io.myelin.receiptserver.storage;

import org.jspecify.annotations.NullMarked;
