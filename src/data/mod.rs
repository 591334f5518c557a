//! Case data in: files to a [`Store`](crate::store::Store) of sound rows, and a report on the rest.
