@NullMarked
package io.myelin.federationsend.transport.http;

import org.jspecify.annotations.NullMarked;
