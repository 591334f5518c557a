//! Where figures stand in a picture with points from left to right.

/// The room of a picture and what it has to hold.
pub(super) struct Plot {
    /// Its width and its height.
    pub(super) size: (f64, f64),
    /// The room at the left and below, and above.
    pub(super) room: (f64, f64),
    /// The least figure.
    pub(super) least: f64,
    /// The most.
    pub(super) most: f64,
    /// How many points there are.
    pub(super) points: usize,
}

impl Plot {
    /// How far from the left the point of this number stands.
    pub(super) fn x(&self, number: usize) -> f64 {
        let (left, right) = (self.room.0 + 14.0, self.size.0 - 24.0);
        left + (right - left) * number as f64 / (self.points.max(2) - 1) as f64
    }

    /// How far from above a figure stands.
    pub(super) fn y(&self, figure: f64) -> f64 {
        let (top, bottom) = (self.room.1, self.size.1 - self.room.0);
        let share = if self.most > self.least { (figure - self.least) / (self.most - self.least) } else { 0.5 };
        bottom - 8.0 - share * (bottom - top - 16.0)
    }
}
