@NullMarked
package io.myelin.clientsync.activity;

import org.jspecify.annotations.NullMarked;
