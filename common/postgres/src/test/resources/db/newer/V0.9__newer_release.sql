-- What a newer release adds to every schema, in a number below those of the services.
CREATE TABLE newer (id int PRIMARY KEY);
