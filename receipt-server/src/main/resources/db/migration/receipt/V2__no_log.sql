-- A receipt's row has the number of the fact that made it what it is: the log is read from there, and had a row for each
-- receipt that ever moved.
truncate log;
