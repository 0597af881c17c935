/**
 * What every controller of Myelin stands on: sessions and strict JSON as parameters, identifiers in paths, answers as
 * bytes, and every failure as a Matrix error. {@link io.myelin.web.WebConfiguration} puts it together; {@link
 * io.myelin.web.session} knows who is asking.
 */
@NullMarked
package io.myelin.web;

import org.jspecify.annotations.NullMarked;
