@NullMarked
package io.myelin.federationsend;

import org.jspecify.annotations.NullMarked;
