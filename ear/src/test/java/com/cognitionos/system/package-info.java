/** The product as a user meets it: started by its launcher as processes of their own, spoken to over HTTP only. */
@NullMarked
package com.cognitionos.system;

import org.jspecify.annotations.NullMarked;
