@NullMarked
package io.myelin.federationsend.transport.keys;

import org.jspecify.annotations.NullMarked;
